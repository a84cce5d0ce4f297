import type { Finding } from '@godwit/contracts/findings';
import { fullImageName, registryOf } from '../facts/images.ts';
import type { Check } from './check.ts';

/** Whether both clusters hold the mover's image; the destination may have been seen to reach its registry. */
export const checkMoverImage: Check = ({ moverImage, source, destination, volumes }) => {
  const image = fullImageName(moverImage);
  const registry = registryOf(image);
  // That other images came from the largest of registries does not tell that this one is there.
  const isReached = registry !== 'docker.io' && destination.images.registries.has(registry);
  if (!volumes.some(({ skipReason }) => !skipReason)) return [];
  return [source, destination]
    .filter((cluster) => cluster.nodes.length > 0 && !cluster.nodeImages.has(image))
    .filter((cluster) => cluster !== destination || !isReached)
    .map(
      ({ name }): Finding => ({
        severity: 'note',
        reason: 'MoverImageNotSeen',
        cluster: name,
        object: `image ${moverImage}`,
        message: `no node of cluster "${name}" holds the image of the mover`,
        cure: `See that its nodes can pull ${moverImage}, or set GODWIT_MOVER_IMAGE to where they can.`,
      }),
    );
};
