import type { RunSummary } from '@godwit/contracts/api';
import type { RunKind } from '@godwit/contracts/run';

const TITLE: Record<RunKind, (name: string) => string> = {
  Migration: (name) => name,
  Preview: (name) => `Preview of ${name}`,
  Rollback: (name) => `Rollback of ${name}`,
  Stage: (name) => `Stage of ${name}`,
  CutOver: (name) => `Cut-over of ${name}`,
  DiscardStaging: (name) => `Discard what is staged of ${name}`,
};

/** What a run is called: by its migration, and what it is for. */
export function runTitle({ kind, migrationName }: Pick<RunSummary, 'kind' | 'migrationName'>): string {
  return TITLE[kind](migrationName);
}
