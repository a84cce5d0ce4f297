import type { Breath } from './breath.ts';
import { HardLinks } from './hard-links.ts';
import { walk } from './walk.ts';

/** @returns what a copy of this tree will come to, if nothing changes: for showing progress only. */
export async function countTree(root: string, breath: Breath): Promise<{ bytes: number; files: number }> {
  const links = new HardLinks();
  const totals = { bytes: 0, files: 0 };
  for (const { path, stats } of walk(root, () => {})) {
    await breath.take();
    if (stats.isDirectory() || stats.isSocket()) continue;
    totals.files += 1;
    if (!stats.isFile() || links.find(stats)) continue;
    links.remember(stats, path);
    totals.bytes += Number(stats.size);
  }
  return totals;
}
