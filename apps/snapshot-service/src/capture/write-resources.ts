import { resourcesPrefix } from '@godwit/contracts/archive-layout';
import { resourcesPartName } from '@godwit/contracts/step-outputs';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import { sealBlob } from '@godwit/volume-archive/seal';
import type { ReadList } from './list-objects.ts';

const PART_CHARACTERS = 4 << 20;
/** Of what tiers have collected for their next parts: with many tiers, full parts of all would be too much. */
const MOST_CHARACTERS = 16 << 20;

export interface ArchiveTarget {
  store: Pick<ObjectStore, 'put'>;
  runId: string;
  /** Of the run's archive. */
  key: Buffer;
}

/** A `CapturedObject` as JSON, and the tier in which it is applied. */
export interface CapturedLine {
  tier: number;
  line: string;
}

/**
 * Writes objects as sealed parts of JSON lines, each about 4 MiB plain, by tier. Writing again replaces the same parts.
 *
 * @returns how many parts each tier has
 */
export async function writeResources(
  target: ArchiveTarget,
  objects: AsyncIterable<CapturedLine>,
  signal: AbortSignal,
): Promise<number[]> {
  const tiers = Array.from(APPLY_TIERS, () => ({ lines: [] as string[], characters: 0, parts: 0 }));
  let characters = 0;
  const flush = async (index: number) => {
    const tier = tiers[index]!;
    const name = `${resourcesPrefix(target.runId)}/${resourcesPartName(index, tier.parts)}`;
    const plain = Buffer.from(tier.lines.join('\n'));
    characters -= tier.characters;
    Object.assign(tier, { lines: [], characters: 0, parts: tier.parts + 1 });
    await target.store.put(name, sealBlob(target.key, name, plain), { signal });
  };
  for await (const { tier: index, line } of objects) {
    const tier = tiers[index]!;
    tier.lines.push(line);
    tier.characters += line.length;
    characters += line.length;
    if (tier.characters >= PART_CHARACTERS) await flush(index);
    else if (characters >= MOST_CHARACTERS) await flush(fullest(tiers));
  }
  await Promise.all(tiers.map((tier, index) => (tier.lines.length > 0 ? flush(index) : undefined)));
  return tiers.map(({ parts }) => parts);
}

/**
 * Writes what the lists were that the objects come from, as the sealed blob `resources/lists`: JSON of `ReadList[]`. The
 * resourceVersion of a list is the moment of the source that it shows; lists are read one after the other, so these differ.
 */
export async function writeLists(target: ArchiveTarget, lists: readonly ReadList[], signal: AbortSignal): Promise<void> {
  const name = `${resourcesPrefix(target.runId)}/lists`;
  await target.store.put(name, sealBlob(target.key, name, Buffer.from(JSON.stringify(lists))), { signal });
}

function fullest(tiers: readonly { characters: number }[]): number {
  return tiers.reduce((most, { characters }, index) => (characters > tiers[most]!.characters ? index : most), 0);
}
