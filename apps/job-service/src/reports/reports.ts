import type { RunFindingView } from '@godwit/contracts/api';
import { Finding } from '@godwit/contracts/findings';
import type { RunReport } from '@godwit/contracts/report';
import type { ObjectOutcome, StepName } from '@godwit/contracts/run';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunOverviewStore } from '@godwit/db/run-overview-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { Injectable } from '@nestjs/common';
import { RunReader } from '../runs/run-reader.ts';
import { toRunObjectView } from '../runs/run-views.ts';
import { describeDefinition } from './describe-definition.ts';
import { reportSteps } from './report-steps.ts';
import { reportVolume } from './report-volume.ts';

/** Of each list: what is more is counted, and is to be had page by page elsewhere. */
const MOST = 500;
const HOOK_STEPS: readonly StepName[] = ['pre-hooks', 'post-hooks', 'destination-hooks'];

/** Puts together what is known of a run. */
@Injectable()
export class Reports {
  constructor(
    private readonly runs: RunStore,
    private readonly reader: RunReader,
    private readonly overview: RunOverviewStore,
    private readonly log: RunEventStore,
    private readonly objects: RunObjectStore,
  ) {}

  /** @returns undefined if the organisation has no such run */
  async of(organisationId: string, id: string): Promise<RunReport | undefined> {
    const run = await this.runs.find(organisationId, id);
    if (!run) return undefined;
    const [summary, steps, attempts, volumes, kinds, findings, troubled, left, hooks] = await Promise.all([
      this.reader.summaryOf(organisationId, run),
      this.overview.steps([id]),
      this.overview.attempts(id),
      this.overview.volumes([id]),
      this.objects.countByKind(id),
      this.findings(id),
      this.objectsWith(id, ['Failed', 'Warned']),
      this.objectsWith(id, ['Skipped']),
      this.hooks(id),
    ]);
    const { kind, definition } = run;
    const names = new Map(volumes.map((volume) => [volume.id, `${volume.namespace}/${volume.name}`]));
    const now = new Date();
    return {
      generatedAt: now.toISOString(),
      run: summary,
      seconds: secondsBetween(run.createdAt, run.finishedAt ?? now),
      definition: describeDefinition(definition),
      ...downtimeOf(run),
      findings,
      steps: reportSteps({ kind, definition, steps, attempts, volumes: names }),
      volumes: volumes.map(reportVolume),
      objects: kinds,
      troubled,
      left,
      hooks,
    };
  }

  /** The worst first. */
  private async findings(id: string): Promise<RunReport['findings']> {
    const found = await Promise.all(
      Finding.shape.severity.options.map((severity) => this.log.findings(id, { severity, after: '0', limit: MOST })),
    );
    const items: RunFindingView[] = found.flat().slice(0, MOST);
    return { items, total: await this.log.countFindings(id) };
  }

  private async objectsWith(id: string, outcomes: ObjectOutcome[]): Promise<RunReport['left']> {
    const [pages, counts] = await Promise.all([
      Promise.all(outcomes.map((outcome) => this.objects.page(id, { outcome, limit: MOST }))),
      this.objects.countByOutcome(id),
    ]);
    // What was changed in an object may be what somebody keeps secret: it is to be seen in the list of objects only.
    const items = pages
      .flat()
      .slice(0, MOST)
      .map(({ changes: _changes, ...object }) => toRunObjectView(object));
    return { items, total: outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0) };
  }

  private async hooks(id: string): Promise<RunReport['hooks']> {
    const told = (await Promise.all(HOOK_STEPS.map((step) => this.log.list(id, '0', MOST, { step })))).flat();
    const lines = told.map(({ at, level, message, step }) => ({ at: at.toISOString(), level, message, step: step! }));
    return { items: lines.slice(0, MOST), total: lines.length };
  }
}

function downtimeOf({ quiescedAt, readyAt }: StoredRun): Pick<RunReport, 'downtime'> {
  if (!quiescedAt) return {};
  const until = readyAt ? { until: readyAt.toISOString(), seconds: secondsBetween(quiescedAt, readyAt) } : {};
  return { downtime: { from: quiescedAt.toISOString(), ...until } };
}

function secondsBetween(from: Date, until: Date): number {
  return (until.getTime() - from.getTime()) / 1000;
}
