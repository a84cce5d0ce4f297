/**
 * The offered version that an application notices the least: the lowest that is not below the source's; where there is none, the
 * newest. Without the source's, the newest but one, which add-ons know already.
 *
 * @param source as the API server tells it: `v1.33.4-gke.100`
 * @param offered minor versions, in any order; what stands behind them is left out
 */
export function nearestVersion(
  source: string | undefined,
  offered: readonly string[] | undefined,
): { version: string; isOlder: boolean } | undefined {
  const minors = [...new Set((offered ?? []).flatMap((version) => minorOf(version) ?? []))].sort((a, b) => a - b);
  const newest = minors.at(-1);
  if (newest === undefined) return undefined;
  const wanted = minorOf(source ?? '');
  if (wanted === undefined) return { version: `1.${minors.at(-2) ?? newest}`, isOlder: false };
  const minor = minors.find((candidate) => candidate >= wanted);
  return { version: `1.${minor ?? newest}`, isOlder: minor === undefined };
}

function minorOf(version: string): number | undefined {
  const found = /^v?1\.(\d+)/.exec(version)?.[1];
  return found === undefined ? undefined : Number(found);
}
