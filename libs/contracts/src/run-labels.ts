import { MANAGED_BY, MANAGED_BY_LABEL, RUN_LABEL, STEP_LABEL, VOLUME_LABEL } from './labels.ts';

/** The labels of a temporary object of ours. */
export function temporaryLabels(runId: string, stepName: string, volumeId: string): Record<string, string> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, [RUN_LABEL]: runId, [STEP_LABEL]: stepName, [VOLUME_LABEL]: volumeId };
}

export function runSelector(runId: string): string {
  return `${RUN_LABEL}=${runId}`;
}
