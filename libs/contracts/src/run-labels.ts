import { MANAGED_BY, MANAGED_BY_LABEL, MIGRATION_LABEL, RUN_LABEL, STEP_LABEL, VOLUME_LABEL } from './labels.ts';

/** The labels of a temporary object of ours. */
export function temporaryLabels(runId: string, stepName: string, volumeId: string): Record<string, string> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, [RUN_LABEL]: runId, [STEP_LABEL]: stepName, [VOLUME_LABEL]: volumeId };
}

/** The labels of a staged claim: none of a run, whose cleanup would take it away. */
export function stagedLabels(migrationId: string): Record<string, string> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, [MIGRATION_LABEL]: migrationId };
}

export function stagedSelector(migrationId: string): string {
  return `${MIGRATION_LABEL}=${migrationId}`;
}

export function runSelector(runId: string): string {
  return `${RUN_LABEL}=${runId}`;
}
