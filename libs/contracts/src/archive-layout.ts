/** Keys of a run's archive, below the store's prefix. */
export function runPrefix(runId: string): string {
  return `runs/${runId}`;
}

export function volumePrefix(runId: string, volumeId: string): string {
  return `${runPrefix(runId)}/volumes/${volumeId}`;
}

export function resourcesPrefix(runId: string): string {
  return `${runPrefix(runId)}/resources`;
}

/**
 * Key below a volume's prefix of the order that tells a running mover how many streams to use: a mover talks to nobody but object
 * storage. Sealed as a blob of that name; JSON `{"copy": 3, "restore": 2}`.
 */
export function streamOrderKey(prefix: string): string {
  return `${prefix}/streams`;
}
