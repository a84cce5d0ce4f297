import type { RunPhase } from '@godwit/contracts/run';
import { Label, type LabelProps } from '@patternfly/react-core';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import BroomIcon from '@patternfly/react-icons/dist/esm/icons/broom-icon';
import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import PendingIcon from '@patternfly/react-icons/dist/esm/icons/pending-icon';
import SyncAltIcon from '@patternfly/react-icons/dist/esm/icons/sync-alt-icon';
import { type Phase, phaseText } from './phase-text.ts';

const LOOK: Record<RunPhase, Pick<LabelProps, 'color' | 'status' | 'icon'>> = {
  Queued: { color: 'grey', icon: <PendingIcon /> },
  Running: { color: 'blue', icon: <SyncAltIcon /> },
  Held: { color: 'orange', icon: <PauseCircleIcon /> },
  Finishing: { color: 'teal', icon: <BroomIcon /> },
  Succeeded: { status: 'success' },
  Failed: { status: 'danger' },
  Cancelled: { color: 'grey', icon: <BanIcon /> },
};

export function PhaseLabel({ run }: { run: Phase }) {
  return <Label {...LOOK[run.phase]}>{phaseText(run)}</Label>;
}
