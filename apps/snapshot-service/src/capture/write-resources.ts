import { resourcesPrefix } from '@godwit/contracts/archive-layout';
import { type CapturedObject, resourcesPartName } from '@godwit/contracts/step-outputs';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { APPLY_TIERS, applyTier } from '@godwit/transforms/apply-tiers';
import { sealBlob } from '@godwit/volume-archive/seal';

const PART_BYTES = 4 << 20;

/**
 * Writes objects as sealed parts of JSON lines, each about 4 MiB plain, by the tier in which they are applied. Writing again
 * replaces the same parts.
 *
 * @returns how many parts each tier has
 */
export async function writeResources(
  store: ObjectStore,
  runId: string,
  key: Buffer,
  objects: readonly CapturedObject[],
  signal: AbortSignal,
): Promise<number[]> {
  const tiers = Map.groupBy(objects, ({ object }) => applyTier(object));
  const parts: number[] = [];
  for (const tier of APPLY_TIERS.keys()) parts.push(await writeTier(store, runId, key, tier, tiers.get(tier) ?? [], signal));
  return parts;
}

async function writeTier(
  store: ObjectStore,
  runId: string,
  key: Buffer,
  tier: number,
  objects: readonly CapturedObject[],
  signal: AbortSignal,
): Promise<number> {
  let parts = 0;
  let lines: string[] = [];
  let size = 0;
  const flush = async () => {
    const name = `${resourcesPrefix(runId)}/${resourcesPartName(tier, parts)}`;
    await store.put(name, sealBlob(key, name, Buffer.from(lines.join('\n'))), { signal });
    parts++;
    lines = [];
    size = 0;
  };
  for (const object of objects) {
    const line = JSON.stringify(object);
    lines.push(line);
    size += line.length;
    if (size >= PART_BYTES) await flush();
  }
  if (lines.length > 0) await flush();
  return parts;
}
