import { type MigrationView, StartRun } from '@godwit/contracts/api';
import { useNavigate } from 'react-router';
import { startRun } from '../api/runs.ts';
import { ownTimeZone } from '../format/zoned-time.ts';
import { SelectField, TimeField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import { isDestinationThere } from './destination-text.ts';

const StartLater = StartRun.required({ startAt: true });
const HOUR_MS = 3_600_000;

/** Puts a run of a migration into the queue that begins at a time that one chooses. */
export function RunLater({ migration: { id, name, definition }, onClose }: { migration: MigrationView; onClose: () => void }) {
  const navigate = useNavigate();
  const nextHour = new Date((Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS).toISOString();
  return (
    <FormModal
      title={`Run ${name} later`}
      submitText="Put it into the queue"
      variant="small"
      schema={StartLater}
      initial={{ kind: 'Migration', startAt: nextHour }}
      onClose={onClose}
      save={async ({ kind, startAt }) => navigate(`/runs/${(await startRun(id, kind, startAt)).id}`)}
    >
      {(form) => (
        <>
          {isDestinationThere(definition) && (
            <SelectField
              form={form}
              path={['kind']}
              label="What runs"
              options={[
                { value: 'Migration', label: 'Migration' },
                { value: 'Stage', label: 'Stage: volumes ahead of a cut-over' },
                { value: 'CutOver', label: 'Cut-over: stops the source, then migrates' },
              ]}
            />
          )}
          <TimeField
            form={form}
            path={['startAt']}
            label="Not before"
            help={`In your time zone, ${ownTimeZone()}. Until then it can be cancelled.`}
            isRequired
          />
        </>
      )}
    </FormModal>
  );
}
