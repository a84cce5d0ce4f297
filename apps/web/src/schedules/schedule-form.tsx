import type { MigrationView } from '@godwit/contracts/api';
import { ConcurrencyPolicy, SaveSchedule, type ScheduleView } from '@godwit/contracts/schedules';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { migrationsQuery } from '../api/migrations.ts';
import { saveSchedule, schedulesQuery } from '../api/schedules.ts';
import { useNow } from '../app/use-now.ts';
import { ownTimeZone, timeZones } from '../format/zoned-time.ts';
import { CheckField, NumberField, SelectField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import type { Form } from '../forms/use-form.ts';
import { usePresent } from '../forms/use-present.ts';
import { isDestinationThere } from '../migrations/destination-text.ts';
import { cronText, nextTimes } from './cron-text.ts';
import { NextTimes } from './next-times.tsx';
import { POLICY_TEXT } from './policy-text.ts';

const SHOWN_TIMES = 3;
const DEADLINE = ['startingDeadlineSeconds'];

export interface ScheduleFormProps {
  /** The one to change, as it was read; undefined: a new one. */
  schedule?: ScheduleView;
  /** Of a new one: the migration that it is made of. */
  migrationId?: string;
  onClose: () => void;
  onSaved?: () => void;
}

export function ScheduleForm({ schedule, migrationId = '', onClose, onSaved }: ScheduleFormProps) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(schedule, schedulesQuery);
  const { data: migrations = [] } = useQuery(migrationsQuery);
  const nameOf = (id: string) => migrations.find((each) => each.id === id)?.name;
  const fresh = { name: nameOf(migrationId) ?? '', migrationId, schedule: '0 3 * * *', timeZone: ownTimeZone() };
  return (
    <FormModal<SaveSchedule>
      title={schedule ? `Change ${schedule.name}` : 'Schedule a migration'}
      submitText="Save"
      schema={SaveSchedule}
      initial={SaveSchedule.safeParse(schedule).data ?? { ...DEFAULTS, ...fresh }}
      changes={schedule && { what: 'schedule', reread: async () => SaveSchedule.parse(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        await saveSchedule(meant(whatever), values);
        await queries.invalidateQueries({ queryKey: schedulesQuery.queryKey });
        onSaved?.();
      }}
    >
      {(form) => (
        <>
          <TextField form={form} path={['name']} label="Name" isRequired />
          <SelectField
            form={form}
            path={['migrationId']}
            label="Migration"
            none="Choose one"
            options={migrations.map(({ id, name }) => ({ value: id, label: name }))}
            isRequired
          />
          <Kind form={form} migration={migrations.find(({ id }) => id === form.at(['migrationId']))} />
          <TextField form={form} path={['schedule']} label="Cron expression" help={<Due form={form} />} isRequired />
          <SelectField
            form={form}
            path={['timeZone']}
            label="Time zone"
            options={timeZones(String(form.at(['timeZone']))).map((value) => ({ value, label: value }))}
          />
          <SelectField
            form={form}
            path={['concurrencyPolicy']}
            label="While a run of the migration is unfinished"
            options={ConcurrencyPolicy.options.map((value) => ({ value, label: POLICY_TEXT[value] }))}
          />
          <Deadline form={form} />
          <CheckField form={form} path={['suspend']} label="Suspended" help="No run starts until it is resumed." />
        </>
      )}
    </FormModal>
  );
}

const DEFAULTS = {
  suspend: false,
  concurrencyPolicy: 'Forbid',
  startingDeadlineSeconds: 3_600,
  kind: 'Migration',
};

function Kind({ form, migration }: { form: Form<SaveSchedule>; migration: MigrationView | undefined }) {
  const canStage = migration === undefined || isDestinationThere(migration.definition);
  const path = ['kind'];
  return (
    <SelectField
      form={form}
      path={path}
      label="What runs"
      options={[
        { value: 'Migration', label: 'Migration: everything, volumes and objects' },
        // Also if it was chosen for another migration: what is shown is what is saved.
        ...(canStage || form.at(path) === 'Stage'
          ? [{ value: 'Stage', label: 'Stage: volumes, or what changed of them, ahead of a cut-over' }]
          : []),
      ]}
      help={!canStage && 'Its destination is yet to be created: only a migration does that.'}
    />
  );
}

/** What the expression means, as one types it. */
function Due({ form }: { form: Form<SaveSchedule> }) {
  const cron = String(form.at(['schedule']) ?? '');
  const timeZone = String(form.at(['timeZone']) ?? 'UTC');
  const now = useNow(true);
  // Once a minute is enough: cron knows nothing finer.
  const times = nextTimes(cron, timeZone, new Date(now - (now % 60_000)), SHOWN_TIMES);
  if (times.length === 0) return 'Minute, hour, day of month, month, day of week: 0 3 * * * is each night at three. Or @daily.';
  return (
    <>
      {cronText(cron)}. The next times:
      <NextTimes times={times} timeZone={timeZone} />
    </>
  );
}

function Deadline({ form }: { form: Form<SaveSchedule> }) {
  const isEver = form.at(DEADLINE) === null;
  return (
    <>
      <CheckField
        form={
          {
            ...form,
            at: () => isEver,
            set: (_path: unknown, ever: unknown) => form.set(DEADLINE, ever ? null : DEFAULTS.startingDeadlineSeconds),
          } as Form<unknown>
        }
        path={['ever']}
        label="Make up for a missed time however late it is"
      />
      {!isEver && (
        <NumberField
          form={form}
          path={DEADLINE}
          label="Seconds that a missed time is made up for"
          help="Where nobody could start its run in time: once, however many were missed."
          isRequired
        />
      )}
    </>
  );
}
