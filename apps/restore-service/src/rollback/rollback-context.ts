import type { MetObject } from '@godwit/db/run-object-store';
import type { Discovery } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { RollbackOutcomes } from './rollback-outcomes.ts';

/** Requests in flight to one API server. */
export const IN_FLIGHT = 16;
/** How long deleted objects may take to go: a pod's grace period, and what a finalizer's controller has to do. */
export const GONE_TIMEOUT_MS = 180_000;

/** Where a rollback works, and where it notes what it does. */
export interface RollbackContext {
  client: KubeClient;
  discovery: Discovery;
  /** The run that is taken back. */
  runId: string;
  /** Objects on which applications of other migrations may rely, by `recordKey`. */
  metByOthers: ReadonlyMap<string, MetObject>;
  outcomes: RollbackOutcomes;
  signal: AbortSignal;
}
