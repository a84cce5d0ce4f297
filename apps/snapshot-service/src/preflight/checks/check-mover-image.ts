import type { Finding } from '@godwit/contracts/findings';
import { fullImageName, registryOf } from '../facts/images.ts';
import type { Check } from './check.ts';

/** Whether the destination holds the mover's image, or was seen to reach its registry. */
export const checkMoverImage: Check = ({ moverImage, destination, volumes }): Finding[] => {
  const image = fullImageName(moverImage);
  if (!volumes.some(({ skipReason }) => !skipReason) || destination.images.images.has(image)) return [];
  const registry = registryOf(moverImage);
  if (destination.images.registries.has(registry) && registry !== 'docker.io') return [];
  return [
    {
      severity: 'note',
      reason: 'MoverImageNotSeen',
      cluster: destination.name,
      object: `image ${moverImage}`,
      message: `no node of cluster "${destination.name}" holds the image of the mover`,
      cure: `See that its nodes can pull ${moverImage}, or set GODWIT_MOVER_IMAGE to where they can.`,
    },
  ];
};
