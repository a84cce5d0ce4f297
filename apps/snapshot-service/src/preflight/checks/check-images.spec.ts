import { expect, test } from '@jest/globals';
import { fullImageName, registryOf } from '../facts/images.ts';
import { buildFacts, volume, workload } from '../testing/build-facts.ts';
import { checkImages } from './check-images.ts';
import { checkMoverImage } from './check-mover-image.ts';

const check = (images: string[], seen: string[] = []) =>
  checkImages(
    buildFacts({
      source: { workloads: [workload({ containers: images.map((image, index) => ({ name: `c${index}`, image })) })] },
      destination: { images: { images: new Set(seen.map(fullImageName)), registries: new Set(seen.map(registryOf)) } },
    }),
  );

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['bitnami/redis:8', 'docker.io/bitnami/redis:8'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app:1', 'localhost:5000/app:1'],
  ['ghcr.io/org/app@sha256:abc', 'ghcr.io/org/app@sha256:abc'],
])('%s is %s', (image, full) => {
  expect(fullImageName(image)).toBe(full);
});

test('images and registries that were seen on the destination are nothing to tell of', () => {
  expect(check(['nginx:1.29', 'ghcr.io/org/app:2'], ['docker.io/library/nginx:1.29', 'ghcr.io/other/tool:1'])).toEqual([]);
});

test('a registry that was not seen is one note for all its images', () => {
  expect(check(['ghcr.io/org/app:2', 'ghcr.io/org/api:2'], ['nginx'])).toMatchObject([
    { severity: 'note', reason: 'RegistryNotSeen', message: expect.stringContaining('(ghcr.io/org/app:2, ghcr.io/org/api:2)') },
  ]);
});

test('a registry of each machine is a warning, unless the nodes hold the image', () => {
  expect(check(['localhost:5000/app:1'])).toMatchObject([
    { severity: 'warning', reason: 'RegistryLocal', object: 'Deployment shop/web' },
  ]);
  expect(check(['localhost:5000/app:1'], ['localhost:5000/app:1'])).toEqual([]);
});

test('the image of the mover is looked for on both clusters when volumes move', () => {
  const told = (options: object) => checkMoverImage(buildFacts(options)).map(({ reason, cluster }) => `${reason} ${cluster}`);
  const volumes = [volume()];
  expect(told({})).toEqual([]);
  expect(told({ volumes })).toEqual(['MoverImageNotSeen from', 'MoverImageNotSeen to']);
  const nodeImages = new Set(['registry.example.com/godwit/mover:1.0.0']);
  expect(told({ volumes, source: { nodeImages }, destination: { nodeImages } })).toEqual([]);
  const images = { images: new Set<string>(), registries: new Set(['registry.example.com']) };
  expect(told({ volumes, destination: { images } })).toEqual(['MoverImageNotSeen from']);
});
