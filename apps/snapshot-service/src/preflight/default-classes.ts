import type { ClusterStatus } from '@godwit/contracts/calls';

/**
 * The storage classes that a created destination does not have and nobody has mapped: whoever has a cluster created cannot know
 * them, so its default class is taken for them.
 *
 * @param mapped class on the source -> class on the destination
 * @returns the mapping with what is added to it, and the names that were added
 */
export function withDefaultClasses(
  mapped: Readonly<Record<string, string>>,
  source: Pick<ClusterStatus, 'storageClasses'>,
  destination: Pick<ClusterStatus, 'storageClasses'>,
): { storageClasses: Record<string, string>; added: string[] } {
  const there = new Set(destination.storageClasses?.map(({ name }) => name));
  const names = source.storageClasses?.map(({ name }) => name) ?? [];
  const added = names.filter((name) => !there.has(name) && !Object.hasOwn(mapped, name));
  return { storageClasses: { ...mapped, ...Object.fromEntries(added.map((name) => [name, ''])) }, added };
}
