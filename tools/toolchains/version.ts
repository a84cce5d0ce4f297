/** Major, minor and patch; what is not said counts as 0. */
export type Version = readonly [number, number, number];

/** @returns the first version number in a program's output (`go version go1.26.8 linux/amd64`), or undefined. */
export function parseVersion(output: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(output);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

export function isAtLeast(found: Version, wanted: Version): boolean {
  for (const [index, part] of wanted.entries()) {
    const difference = found[index]! - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** @returns the version as people write it, without a patch level of 0. */
export function showVersion([major, minor, patch]: Version): string {
  return patch ? `${major}.${minor}.${patch}` : `${major}.${minor}`;
}
