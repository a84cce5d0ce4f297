import type { RunView } from '@godwit/contracts/api';
import { stagesOf } from '@godwit/pipeline/progress';
import { ProgressStep, type ProgressStepProps, ProgressStepper } from '@patternfly/react-core';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import SyncAltIcon from '@patternfly/react-icons/dist/esm/icons/sync-alt-icon';
import { useNow } from '../app/use-now.ts';
import { describeStage, type StageState, stageStatus } from './stage-status.ts';

const LOOK: Record<StageState, Pick<ProgressStepProps, 'variant' | 'icon'>> = {
  waiting: { variant: 'pending' },
  queued: { variant: 'pending' },
  running: { variant: 'info', icon: <SyncAltIcon /> },
  done: { variant: 'success' },
  skipped: { variant: 'default', icon: <BanIcon /> },
  failed: { variant: 'danger' },
  cancelled: { variant: 'default', icon: <BanIcon /> },
};

/** More would be narrower than their titles. */
const MOST_BESIDE_EACH_OTHER = 9;

/** The way of the run, drawn from the pipeline itself. */
export function PipelineStepper({ run }: { run: RunView }) {
  const now = useNow(run.steps.some(({ waiting }) => waiting));
  const stages = stagesOf(run.kind, run.definition, run.steps);
  const isVertical = stages.length > MOST_BESIDE_EACH_OTHER;
  return (
    <ProgressStepper isCenterAligned={!isVertical} isVertical={isVertical} aria-label="Steps of the run">
      {stages.map((stage) => {
        const status = stageStatus(stage, run);
        const told = describeStage(status, now);
        return (
          <ProgressStep
            key={stage.name}
            id={stage.name}
            titleId={`${stage.name}-title`}
            aria-label={`${stage.title}: ${told}`}
            {...LOOK[status.state]}
            isCurrent={status.state === 'running'}
            description={status.error ? `${told}: ${status.error.message}` : told}
          >
            {stage.title}
          </ProgressStep>
        );
      })}
    </ProgressStepper>
  );
}
