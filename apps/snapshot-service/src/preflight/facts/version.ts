/** @returns the y of a Kubernetes version 1.y; undefined for what does not look like one */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}
