import type { RunSummary } from '@godwit/contracts/api';
import { SaveSchedule, type ScheduleView } from '@godwit/contracts/schedules';
import { Button, Label } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../access/caller.ts';
import { migrationsQuery } from '../api/migrations.ts';
import { runsQuery } from '../api/runs.ts';
import { deleteSchedule, saveSchedule, schedulesQuery } from '../api/schedules.ts';
import { AppPage } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { formatInZone } from '../format/zoned-time.ts';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { PhaseLabel } from '../runs/phase-label.tsx';
import { cronText } from './cron-text.ts';
import { NextTimes } from './next-times.tsx';
import { ScheduleForm } from './schedule-form.tsx';

type Open = { what: 'new' } | { what: 'change' | 'delete'; schedule: ScheduleView };

/** When runs of migrations start by themselves. */
export function SchedulesPage() {
  const schedules = useQuery(schedulesQuery);
  const { data: migrations } = useQuery(migrationsQuery);
  const { data: runs } = useQuery(runsQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('operator');
  const close = () => setOpen(undefined);
  const readAgain = () => queries.invalidateQueries({ queryKey: schedulesQuery.queryKey });
  const suspending = useMutation({
    mutationFn: (schedule: ScheduleView) =>
      saveSchedule(schedule, SaveSchedule.parse({ ...schedule, suspend: !schedule.suspend })),
    onSettled: readAgain,
  });
  const columns = columnsOf(
    (id) => migrations?.find((each) => each.id === id)?.name ?? '…',
    (id) => runs?.find(({ scheduleId }) => scheduleId === id),
  );
  const actionsOf = (schedule: ScheduleView): IAction[] => [
    { title: schedule.suspend ? 'Resume' : 'Suspend', onClick: () => suspending.mutate(schedule) },
    { title: 'Change', onClick: () => setOpen({ what: 'change', schedule }) },
    { isSeparator: true },
    { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', schedule }) },
  ];
  const add = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Schedule a migration</Button>;
  const lacksMigrations = migrations?.length === 0;
  return (
    <AppPage title="Schedules" actions={schedules.data?.length ? add : undefined}>
      {suspending.error && <RequestProblem doing="Not changed" error={suspending.error} />}
      <ManagedList
        what="the schedules"
        label="Schedules"
        query={schedules}
        columns={columns}
        {...(mayChange ? { actionsOf } : {})}
        empty={
          <NothingYet
            title="No schedule yet"
            action={lacksMigrations ? <ButtonLink to="/migrations">Go to the migrations</ButtonLink> : add}
          >
            A schedule starts a saved migration by itself, each night for instance, or stages its volumes ahead of a cut-over.
          </NothingYet>
        }
      />
      {open?.what === 'new' && <ScheduleForm onClose={close} />}
      {open?.what === 'change' && <ScheduleForm schedule={open.schedule} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="schedule"
          name={open.schedule.name}
          onClose={close}
          remove={async () => {
            await deleteSchedule(open.schedule);
            await readAgain();
          }}
        >
          Nothing starts by it from now on. Runs that it has started stay and go on.
        </ConfirmDelete>
      )}
    </AppPage>
  );
}

function columnsOf(
  nameOf: (migrationId: string) => string,
  lastRunOf: (scheduleId: string) => RunSummary | undefined,
): Column<ScheduleView>[] {
  return [
    { title: 'Name', cell: ({ name }) => name },
    {
      title: 'What runs',
      cell: ({ migrationId, kind }) => (kind === 'Stage' ? `Stage of ${nameOf(migrationId)}` : nameOf(migrationId)),
    },
    {
      title: 'When',
      cell: ({ schedule, timeZone }) => (
        <>
          {cronText(schedule) ?? schedule}
          <div className="godwit-subtle godwit-small">
            <code>{schedule}</code> in {timeZone}
          </div>
        </>
      ),
    },
    {
      title: 'Next',
      cell: ({ suspend, nextTimes, timeZone }) =>
        suspend ? <Label color="grey">Suspended</Label> : <NextTimes times={nextTimes.slice(0, 1)} timeZone={timeZone} />,
    },
    { title: 'If one runs', cell: ({ concurrencyPolicy }) => concurrencyPolicy },
    { title: 'Last', cell: (schedule) => <Last schedule={schedule} run={lastRunOf(schedule.id)} /> },
  ];
}

function Last({ schedule, run }: { schedule: ScheduleView; run: RunSummary | undefined }) {
  const { lastScheduleTime, lastOutcome, timeZone } = schedule;
  if (!lastScheduleTime) return <span className="godwit-subtle">none yet</span>;
  return (
    <>
      {run ? (
        <>
          <Link to={`/runs/${run.id}`}>{formatInZone(lastScheduleTime, timeZone)}</Link> <PhaseLabel run={run} />
        </>
      ) : (
        formatInZone(lastScheduleTime, timeZone)
      )}
      {lastOutcome && <div className="godwit-subtle godwit-small">{lastOutcome}</div>}
    </>
  );
}
