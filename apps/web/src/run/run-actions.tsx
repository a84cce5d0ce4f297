import type { RunView } from '@godwit/contracts/api';
import { useMay } from '../access/caller.ts';
import { CancelRun } from './cancel-run.tsx';
import { ControlRun } from './control-run.tsx';
import { DeleteArchive } from './delete-archive.tsx';
import { PreviewMigration } from './preview-migration.tsx';
import { RollBackRun } from './roll-back-run.tsx';
import { StageMigration } from './stage-migration.tsx';

/** What can be done with a run as it stands, by this caller. */
export function RunActions({ run }: { run: RunView }) {
  const mayRun = useMay('operator');
  if (!mayRun) return null;
  return (
    <>
      <PreviewMigration run={run} />
      <StageMigration run={run} />
      <RollBackRun run={run} />
      <DeleteArchive run={run} />
      <ControlRun run={run} />
      <CancelRun run={run} />
    </>
  );
}
