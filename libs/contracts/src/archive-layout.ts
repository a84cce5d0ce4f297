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
