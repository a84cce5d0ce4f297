import type { RunSummary } from '@godwit/contracts/api';

/** @returns runs of several lists in the order of the lists, each once and as the first of them has it */
export function withOlder(...lists: readonly (readonly RunSummary[])[]): readonly RunSummary[] {
  if (lists.slice(1).every(({ length }) => length === 0)) return lists[0] ?? [];
  return [...new Map(lists.toReversed().flatMap((list) => list.toReversed().map((run) => [run.id, run]))).values()].toReversed();
}
