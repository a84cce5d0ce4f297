import type { Finding } from '@godwit/contracts/findings';
import type { Facts } from '../facts/facts.ts';
import { fullImageName, registryOf } from '../facts/images.ts';
import { allContainers } from '../facts/pod-spec.ts';
import { type Check, someOf } from './check.ts';

const LOCAL = /^(localhost|127\.[0-9.]+|\[::1\])(:\d+)?$/;

/** Images, by registry, that the destination was not seen to reach: its nodes hold none of that registry. */
export const checkImages: Check = (facts) => {
  const users = new Map<string, string>();
  for (const { object, spec } of facts.source.workloads) {
    for (const { image } of allContainers(spec)) {
      if (image && !users.has(fullImageName(image))) users.set(fullImageName(image), object);
    }
  }
  const unseen = [...users.keys()].filter((image) => !facts.destination.images.images.has(image));
  return [...Map.groupBy(unseen, registryOf)].flatMap(([registry, images]) => registryFindings(facts, registry, images, users));
};

function registryFindings(
  { destination }: Facts,
  registry: string,
  images: string[],
  users: ReadonlyMap<string, string>,
): Finding[] {
  const finding = { cluster: destination.name, object: users.get(images[0] ?? '') };
  if (LOCAL.test(registry)) {
    return [
      {
        ...finding,
        severity: 'warning',
        reason: 'RegistryLocal',
        message: `${someOf(images)}: ${registry} is another on each machine, and no node of the destination holds ${images.length > 1 ? 'these images' : 'the image'}`,
        cure: 'Push the images to a registry that the destination reaches, and map it.',
      },
    ];
  }
  if (destination.images.registries.has(registry)) return [];
  return [
    {
      ...finding,
      severity: 'note',
      reason: 'RegistryNotSeen',
      message: `nothing on the destination came from the registry ${registry} so far, so whether it is reached could not be seen (${someOf(images)})`,
      cure: 'See that the nodes reach it, or map it to one that they reach.',
    },
  ];
}
