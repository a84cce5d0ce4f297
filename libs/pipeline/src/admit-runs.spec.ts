import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ActiveRun,
  type Admission,
  admitRuns,
  KEEPS_PLACES_AFTER_MS,
  type QueuedRun,
  type RunLimits,
} from './admit-runs.ts';
import { explainWait } from './explain-wait.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const WIDE: RunLimits = { perOrganisation: 100, total: 100 };

/** A run that has waited for so many seconds. */
function queued(id: string, clusters: string, values: Partial<QueuedRun> & { waited?: number } = {}): QueuedRun {
  const { waited = 0, ...more } = values;
  const createdAt = new Date(NOW.getTime() - waited * 1000);
  return { id, kind: 'Migration', organisationId: 'acme', clusterIds: clusters.split(' '), createdAt, ...more };
}

function active(id: string, clusters: string, organisationId = 'acme', migrationId?: string): ActiveRun {
  return { id, organisationId, clusterIds: clusters.split(' '), ...(migrationId ? { migrationId } : {}) };
}

function admit(runs: QueuedRun[], actives: ActiveRun[], clusters: Record<string, number>, limits = WIDE, now = NOW): Admission {
  return admitRuns({ queued: runs, active: actives, clusterLimits: new Map(Object.entries(clusters)), limits, now });
}

const explained = ({ waiting }: Admission) =>
  Object.fromEntries([...waiting].map(([id, wait]) => [id, explainWait(wait, (cluster) => cluster.toUpperCase())]));

test('a cluster takes as many as it may; who waits is told its place and why', () => {
  const runs = ['a', 'b', 'c', 'd', 'e'].map((id, index) => queued(id, 'old new', { waited: 50 - index }));
  const admission = admit(runs, [active('x', 'old other')], { old: 3, new: 5 });
  expect(admission.admitted).toEqual(['a', 'b']);
  expect(explained(admission)).toEqual({
    c: '1st in the queue: cluster "OLD" runs 3 of at most 3',
    d: '2nd in the queue: cluster "OLD" runs 3 of at most 3',
    e: '3rd in the queue: cluster "OLD" runs 3 of at most 3',
  });
});

test('who cannot start holds up nobody who can', () => {
  const runs = [queued('a', 'full new', { waited: 9 }), queued('b', 'free new', { waited: 5 })];
  expect(admit(runs, [active('x', 'full')], { full: 1, free: 1, new: 1 }).admitted).toEqual(['b']);
});

test('who has waited for long for one of its clusters keeps its place on the other', () => {
  const waited = KEEPS_PLACES_AFTER_MS / 1000;
  const admission = admit([queued('a', 'full new', { waited }), queued('b', 'free new', { waited: 5 })], [active('x', 'full')], {
    full: 1,
    free: 1,
    new: 1,
  });
  expect(admission.admitted).toEqual([]);
  expect(explained(admission)).toEqual({
    a: '1st in the queue: cluster "FULL" runs 1 of at most 1',
    b: '2nd in the queue: cluster "NEW" keeps its next place for a run that has waited for long',
  });
});

test('an organisation takes as many as it may, and is shared by nobody else', () => {
  const runs = [queued('a', 'a1 a2'), queued('b', 'b1 b2', { waited: 1 }), queued('c', 'c1 c2', { organisationId: 'other' })];
  const admission = admit(runs, [active('x', 'y z')], {}, { perOrganisation: 2, total: 100 });
  expect(admission.admitted).toEqual(['c', 'b']);
  expect(explained(admission)).toEqual({ a: '1st in the queue: the organisation runs 2 of at most 2' });
});

test('the organisation with the fewest runs goes first, however many the others have waiting', () => {
  const many = Array.from({ length: 20 }, (_, index) => queued(`m${index}`, `m${index}`, { waited: 1000 - index }));
  const few = ['f1', 'f2'].map((id) => queued(id, id, { organisationId: 'few', waited: 1 }));
  const admission = admit([...many, ...few], [], {}, { perOrganisation: 100, total: 4 });
  expect(admission.admitted.toSorted()).toEqual(['f1', 'f2', 'm0', 'm1']);
  expect(explained(admission).m19).toBe('18th in the queue: this installation of Godwit runs 4 of at most 4');
});

test('a rollback goes ahead of the others of its organisation, within the limits', () => {
  const runs = [queued('a', 'old new', { waited: 100 }), queued('r', 'new', { kind: 'Rollback' })];
  expect(admit(runs, [], { new: 1 }).admitted).toEqual(['r']);
  expect(admit(runs, [active('x', 'new')], { new: 1 }).admitted).toEqual([]);
});

test('no two runs of a migration go on at once', () => {
  const runs = ['a', 'b'].map((id, index) => queued(id, 'old new', { migrationId: 'm', waited: 9 - index }));
  const admission = admit(runs, [], { old: 9, new: 9 });
  expect(admission.admitted).toEqual(['a']);
  expect(explained(admission)).toEqual({ b: '1st in the queue: the run a of the same migration is unfinished' });
});

test('a run waits for its time, and takes its place in the queue from then on', () => {
  const startAt = new Date(NOW.getTime() + 1000);
  const runs = [queued('later', 'old new', { startAt, waited: 1000 }), queued('first', 'old x')];
  expect(explained(admit(runs, [], { old: 1 }))).toEqual({ later: 'starts at 2026-11-27T12:00:01.000Z' });
  const then = new Date(NOW.getTime() + 2000);
  expect(admit(runs, [], { old: 1 }, WIDE, then).admitted).toEqual(['first']);
  expect(admit([runs[0]!], [], { old: 1 }, WIDE, startAt).admitted).toEqual(['later']);
});

const CLUSTERS = ['c1', 'c2', 'c3', 'c4'];
const ORGANISATIONS = ['o1', 'o2', 'o3'];
// A cluster is one organisation's.
const ofOrganisation = (organisationId: string, clusterIds: string[]) => clusterIds.map((id) => `${organisationId}-${id}`);
const anyRun = fc
  .record({
    organisationId: fc.constantFrom(...ORGANISATIONS),
    clusterIds: fc.uniqueArray(fc.constantFrom(...CLUSTERS), { minLength: 1, maxLength: 2 }),
    migrationId: fc.option(fc.constantFrom('m1', 'm2', 'm3'), { nil: undefined }),
    kind: fc.constantFrom<QueuedRun['kind']>('Migration', 'Migration', 'Rollback'),
    waited: fc.integer({ min: -100, max: 2000 }),
  })
  .map(({ waited, organisationId, migrationId, ...run }) => ({
    ...run,
    organisationId,
    clusterIds: ofOrganisation(organisationId, run.clusterIds),
    ...(migrationId ? { migrationId: `${organisationId}-${migrationId}` } : {}),
    createdAt: new Date(NOW.getTime() - Math.max(0, waited) * 1000),
    ...(waited < 0 ? { startAt: new Date(NOW.getTime() - waited * 1000) } : {}),
  }));
const anyLimits = fc.record({ perOrganisation: fc.integer({ min: 1, max: 5 }), total: fc.integer({ min: 1, max: 8 }) });
const anyClusterLimits = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 12, maxLength: 12 })
  .map(
    (numbers) =>
      new Map(ORGANISATIONS.flatMap((o, i) => ofOrganisation(o, CLUSTERS).map((id, j) => [id, numbers[i * 4 + j]!] as const))),
  );

test('whatever waits and runs: no limit is passed by what is admitted, and nothing waits that could start', () => {
  fc.assert(
    fc.property(
      fc.array(anyRun, { maxLength: 30 }),
      fc.array(anyRun, { maxLength: 8 }),
      anyLimits,
      anyClusterLimits,
      (waitingRuns, activeRuns, limits, clusterLimits) => {
        const runs = waitingRuns.map((run, index): QueuedRun => ({ ...run, id: `q${index}` }));
        const before = activeRuns.map((run, index): ActiveRun => ({ ...run, id: `a${index}` }));
        const { admitted, waiting } = admitRuns({ queued: runs, active: before, clusterLimits, limits, now: NOW });
        expect(new Set([...admitted, ...waiting.keys()])).toEqual(new Set(runs.map(({ id }) => id)));
        expect(admitted.length + waiting.size).toBe(runs.length);

        const started = runs.filter(({ id }) => admitted.includes(id));
        const all = [...before, ...started];
        const on = (list: ActiveRun[], cluster: string) => list.filter(({ clusterIds }) => clusterIds.includes(cluster)).length;
        const of = (list: ActiveRun[], organisation: string) =>
          list.filter(({ organisationId }) => organisationId === organisation).length;
        for (const run of started) {
          for (const cluster of run.clusterIds) expect(on(all, cluster)).toBeLessThanOrEqual(clusterLimits.get(cluster)!);
          expect(of(all, run.organisationId)).toBeLessThanOrEqual(limits.perOrganisation);
          expect(all.length).toBeLessThanOrEqual(limits.total);
          if (run.migrationId) expect(all.filter(({ migrationId }) => migrationId === run.migrationId)).toHaveLength(1);
        }
        const keepsPlaces = runs.some((run) => NOW.getTime() - run.createdAt.getTime() >= KEEPS_PLACES_AFTER_MS);
        for (const run of runs.filter(({ id, startAt }) => waiting.has(id) && !startAt)) {
          const free =
            run.clusterIds.every((cluster) => on(all, cluster) < clusterLimits.get(cluster)!) &&
            of(all, run.organisationId) < limits.perOrganisation &&
            all.length < limits.total &&
            !(run.migrationId && all.some(({ migrationId }) => migrationId === run.migrationId));
          expect([run.id, free && !keepsPlaces]).toEqual([run.id, false]);
        }
      },
    ),
  );
});

test('whatever comes meanwhile, no run waits for ever', () => {
  const TICK = 60_000;
  fc.assert(
    fc.property(
      fc.array(fc.array(anyRun, { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      anyClusterLimits,
      (rounds, limits) => {
        // One that needs two clusters, beside a stream of runs that need one of them each and never leave both free at once.
        const clusterLimits = new Map(limits);
        for (const id of ['o1-c1', 'o1-c2']) clusterLimits.set(id, 1);
        const start = NOW.getTime();
        const patient: QueuedRun = {
          id: 'patient',
          kind: 'Migration',
          organisationId: 'o1',
          clusterIds: ['o1-c1', 'o1-c2'],
          createdAt: new Date(start),
        };
        let [waits, runs]: [QueuedRun[], (QueuedRun & { ends: number })[]] = [[], []];
        for (let tick = 0; tick < 60; tick++) {
          const now = new Date(start + tick * TICK);
          const stream = tick % 2 === 0 ? 'o1-c1' : 'o1-c2';
          const more = rounds[tick % rounds.length]!.map((run, index) => ({ ...run, id: `r${tick}-${index}` }));
          const beside = { ...patient, id: `s${tick}`, clusterIds: [stream] };
          for (const run of [beside, ...more.filter(({ kind }) => kind !== 'Rollback')]) {
            const { startAt: _startAt, ...atOnce } = run;
            waits.push({ ...atOnce, createdAt: now });
          }
          if (tick === 1) waits.push({ ...patient, createdAt: now });
          runs = runs.filter(({ ends }) => ends > tick);
          const facts = { queued: waits, active: runs, clusterLimits, limits: { perOrganisation: 50, total: 50 }, now };
          const { admitted } = admitRuns(facts);
          if (admitted.includes('patient')) return;
          runs.push(...waits.filter(({ id }) => admitted.includes(id)).map((run) => ({ ...run, ends: tick + 2 })));
          waits = waits.filter(({ id }) => !admitted.includes(id));
        }
        throw new Error('it has waited for an hour of runs of two minutes');
      },
    ),
    { numRuns: 50 },
  );
});
