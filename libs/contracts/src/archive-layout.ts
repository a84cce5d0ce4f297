const ORGANISATION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Beneath which all keys of an organisation lie in a bucket that organisations share. Made here and nowhere else.
 *
 * @param base prefix of the bucket's part that is ours; may be empty
 * @throws RangeError for what is no id: a part of a path that anybody may write must not come in here
 */
export function tenantPrefix(base: string, organisationId: string): string {
  if (!ORGANISATION_ID.test(organisationId)) throw new RangeError(`"${organisationId}" is not the id of an organisation`);
  return [base, 'organisations', organisationId].filter(Boolean).join('/');
}

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
