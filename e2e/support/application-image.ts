import { type ApplicationImage, withImage } from '../../tools/testing/applications/build-image.ts';
import type { TestCluster } from './cluster.ts';

/** Builds an image and gives it to clusters. */
export async function loadImage(image: ApplicationImage, ...clusters: TestCluster[]): Promise<void> {
  await withImage(image, (archive) => Promise.all(clusters.map((cluster) => cluster.load(archive))));
}
