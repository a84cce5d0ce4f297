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

/** Key below a volume's prefix of the `StreamOrder` of one side (see mover-protocol.ts). Each side has its own: no two write one. */
export function streamOrderKey(prefix: string, side: 'copy' | 'restore'): string {
  return `${prefix}/streams-${side}`;
}
