import type { RunKind } from '@godwit/contracts/run';

export interface QueuedRun {
  id: string;
  kind: RunKind;
  organisationId: string;
  /** Undefined of a rollback whose migration was deleted. */
  migrationId?: string;
  clusterIds: readonly string[];
  createdAt: Date;
  /** Not before this time. */
  startAt?: Date;
}

/** A run that has left the queue and has not finished. */
export type ActiveRun = Pick<QueuedRun, 'id' | 'organisationId' | 'migrationId' | 'clusterIds'>;

export interface RunLimits {
  perOrganisation: number;
  /** Of all organisations together. */
  total: number;
}

export interface AdmissionFacts {
  queued: readonly QueuedRun[];
  active: readonly ActiveRun[];
  /** How many runs a cluster takes at once, by its id; one that is not here takes any number. */
  clusterLimits: ReadonlyMap<string, number>;
  limits: RunLimits;
  now: Date;
}

/** What a run waits for. `position`: its place, from 1, among the due runs that wait for the same. */
export type Wait =
  | { for: 'StartTime'; startAt: Date }
  | { for: 'Migration'; position: number; runId: string }
  /** `active` may be less than `limit`: then the place is kept for a run that has waited for long. */
  | { for: 'Cluster'; position: number; clusterId: string; active: number; limit: number }
  | { for: 'Organisation'; position: number; active: number; limit: number }
  | { for: 'Installation'; position: number; active: number; limit: number };

export interface Admission {
  /** Runs that start now, in their order. */
  admitted: string[];
  /** What each of the others waits for. */
  waiting: ReadonlyMap<string, Wait>;
}

/**
 * A run that needs two clusters could wait for ever while others that need only one of them come and go. One that has waited for
 * so long keeps the places that it finds free.
 */
export const KEEPS_PLACES_AFTER_MS = 10 * 60_000;

/**
 * Decides which of the runs that wait start now. Of the organisations, the one with the fewest active runs goes first; within one,
 * rollbacks do, and then who has waited longest. A run that has to wait holds up no other that could start.
 */
export function admitRuns({ queued, active, clusterLimits, limits, now }: AdmissionFacts): Admission {
  const places = new Places(active);
  const admitted: string[] = [];
  const waiting = new Map<string, Wait>();
  const isDue = ({ startAt }: QueuedRun) => startAt === undefined || startAt <= now;
  for (const run of queued) if (!isDue(run)) waiting.set(run.id, { for: 'StartTime', startAt: run.startAt! });

  const lines = new Map<string, QueuedRun[]>();
  for (const [id, runs] of Map.groupBy(queued.filter(isDue), ({ organisationId }) => organisationId))
    lines.set(id, runs.toSorted(byTurn));
  for (let run = nextInTurn(lines, places); run; run = nextInTurn(lines, places)) {
    const wait = findWait(run);
    if (!wait) {
      admitted.push(run.id);
      places.take(run);
      continue;
    }
    waiting.set(run.id, wait);
    places.join(run);
    if (wait.for === 'Cluster' && now.getTime() - dueSince(run) >= KEEPS_PLACES_AFTER_MS) places.keep(run);
  }
  return { admitted, waiting };

  function findWait(run: QueuedRun): Wait | undefined {
    const { organisationId, migrationId } = run;
    const blocker = migrationId === undefined ? undefined : places.ofMigration.get(migrationId);
    if (blocker) return { for: 'Migration', position: places.positionAt(`migration ${migrationId}`), runId: blocker };
    for (const clusterId of run.clusterIds) {
      const limit = clusterLimits.get(clusterId) ?? Number.POSITIVE_INFINITY;
      if (places.taken(clusterId) < limit) continue;
      return { for: 'Cluster', position: places.positionAt(clusterId), clusterId, active: places.active(clusterId), limit };
    }
    const ofOrganisation = places.active(organisationId);
    if (ofOrganisation >= limits.perOrganisation) {
      const position = places.positionAt(organisationId);
      return { for: 'Organisation', position, active: ofOrganisation, limit: limits.perOrganisation };
    }
    if (places.all < limits.total) return undefined;
    return { for: 'Installation', position: places.positionAt('all'), active: places.all, limit: limits.total };
  }
}

/** Who has which places. Clusters and organisations are counted alike, by their ids. */
class Places {
  all = 0;
  /** The active run of a migration. */
  readonly ofMigration = new Map<string, string>();
  private readonly actives = new Map<string, number>();
  private readonly kept = new Map<string, number>();
  /** How many wait already that need the same. */
  private readonly before = new Map<string, number>();

  constructor(active: readonly ActiveRun[]) {
    for (const run of active) this.take(run);
  }

  take({ id, organisationId, migrationId, clusterIds }: ActiveRun): void {
    this.all++;
    for (const key of [organisationId, ...clusterIds]) increase(this.actives, key);
    if (migrationId) this.ofMigration.set(migrationId, id);
  }

  /** Joins the queue of all that it needs. */
  join({ organisationId, migrationId, clusterIds }: QueuedRun): void {
    for (const key of ['all', organisationId, `migration ${migrationId}`, ...clusterIds]) increase(this.before, key);
  }

  keep({ clusterIds }: QueuedRun): void {
    for (const key of clusterIds) increase(this.kept, key);
  }

  active(id: string): number {
    return this.actives.get(id) ?? 0;
  }

  taken(id: string): number {
    return this.active(id) + (this.kept.get(id) ?? 0);
  }

  positionAt(key: string): number {
    return (this.before.get(key) ?? 0) + 1;
  }
}

/** Takes the next run from the line of the organisation with the fewest active ones. */
function nextInTurn(lines: Map<string, QueuedRun[]>, places: Places): QueuedRun | undefined {
  let first: string | undefined;
  for (const [id, [head]] of lines) {
    if (!head) continue;
    const other = first === undefined ? undefined : lines.get(first)![0]!;
    const order = other ? places.active(id) - places.active(first!) || byTurn(head, other) : -1;
    if (order < 0) first = id;
  }
  return first === undefined ? undefined : lines.get(first)!.shift();
}

function byTurn(a: QueuedRun, b: QueuedRun): number {
  const urgency = Number(b.kind === 'Rollback') - Number(a.kind === 'Rollback');
  return urgency || dueSince(a) - dueSince(b) || (a.id < b.id ? -1 : 1);
}

function dueSince({ createdAt, startAt }: QueuedRun): number {
  return Math.max(createdAt.getTime(), startAt?.getTime() ?? 0);
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
