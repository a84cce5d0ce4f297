import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { QUEUES, type StepQueueName } from '@godwit/contracts/queues';
import type { RunKind, StepName } from '@godwit/contracts/run';

export interface StepDeclaration {
  name: StepName;
  /** For people. */
  title: string;
  /** Whose work it is. */
  queue: StepQueueName;
  /** Steps that must be done before, where the pipeline has them. Of two steps that fan out, the same volume's. */
  needs: readonly StepName[];
  /** Steps that must be done before for each volume that is read live, as no snapshot keeps what it held. */
  needsOfLive?: readonly StepName[];
  /** Of a step for a volume that is read live: what must be done before besides; it counts again when a run is retried. */
  needsIfLive?: readonly StepName[];
  /** Starts as soon as this step has started for the same volume, and goes on beside it. */
  follows?: StepName;
  /** One step for each volume whose data is moved. */
  each?: 'volume';
  /** Whether it belongs to a run of this definition. */
  when?: (definition: MigrationDefinition) => boolean;
  /** Runs last, whatever became of the others; after those of its `needs`, however they ended. */
  always?: boolean;
  /**
   * Takes back what that step did: once that one has begun, this runs also when the run ends before its time, ahead of what
   * runs always. A run that ends does not stop it.
   */
  undoes?: StepName;
  /** When it failed and the run is retried, these are done again too, though they were done: what it looks at is their work. */
  retriedWith?: readonly StepName[];
  /** Of a step that undoes another: not when the run succeeds. */
  onlyWhenUnsuccessful?: boolean;
  /** Moves data through some of the run's streams, which are counted for each side. */
  takesStreams?: boolean;
  /** How often it may fail by itself, in all, before the run fails. */
  maxFailures: number;
}

const PREFLIGHT: StepDeclaration = {
  name: 'preflight',
  title: 'Preflight',
  queue: QUEUES.snapshot,
  needs: [],
  maxFailures: 3,
};

const PROVISION_CLUSTER: StepDeclaration = {
  name: 'provision-cluster',
  title: 'Create the destination',
  queue: QUEUES.provision,
  needs: ['preflight'],
  when: isCreated,
  maxFailures: 3,
};

/** The part of preflight that needs the destination, of one that was not there by then. */
const CHECK_DESTINATION: StepDeclaration = {
  name: 'check-destination',
  title: 'Check the destination',
  queue: QUEUES.snapshot,
  needs: ['provision-cluster'],
  when: isCreated,
  maxFailures: 3,
};

const PRE_HOOKS: StepDeclaration = {
  name: 'pre-hooks',
  title: 'Run pre hooks',
  queue: QUEUES.snapshot,
  needs: ['preflight'],
  when: (definition) => definition.hooks.sourcePre.length > 0,
  maxFailures: 3,
};

const CAPTURE_RESOURCES: StepDeclaration = {
  name: 'capture-resources',
  title: 'Capture resources',
  queue: QUEUES.snapshot,
  needs: ['preflight'],
  maxFailures: 4,
};

const SNAPSHOT_VOLUME: StepDeclaration = {
  name: 'snapshot-volume',
  title: 'Snapshot volumes',
  queue: QUEUES.snapshot,
  needs: ['preflight', 'pre-hooks', 'quiesce-source'],
  each: 'volume',
  maxFailures: 3,
};

const POST_HOOKS: StepDeclaration = {
  name: 'post-hooks',
  title: 'Run post hooks',
  queue: QUEUES.snapshot,
  needs: ['pre-hooks', 'snapshot-volume'],
  needsOfLive: ['copy-volume'],
  when: (definition) => definition.hooks.sourcePost.length > 0,
  undoes: 'pre-hooks',
  // An application may be frozen until they have run: about an hour for an API server that does not answer.
  maxFailures: 60,
};

const COPY_VOLUME: StepDeclaration = {
  name: 'copy-volume',
  title: 'Copy volumes',
  queue: QUEUES.copy,
  needs: ['snapshot-volume'],
  needsIfLive: ['pre-hooks'],
  each: 'volume',
  takesStreams: true,
  maxFailures: 4,
};

const RESTORE_VOLUME: StepDeclaration = {
  name: 'restore-volume',
  title: 'Restore volumes',
  queue: QUEUES.restore,
  needs: ['provision-cluster', 'check-destination'],
  follows: 'copy-volume',
  each: 'volume',
  takesStreams: true,
  maxFailures: 4,
};

const APPLY_RESOURCES: StepDeclaration = {
  name: 'apply-resources',
  title: 'Apply resources',
  queue: QUEUES.apply,
  needs: ['provision-cluster', 'check-destination', 'capture-resources', 'restore-volume'],
  maxFailures: 4,
};

const DESTINATION_HOOKS: StepDeclaration = {
  name: 'destination-hooks',
  title: 'Run hooks on the destination',
  queue: QUEUES.apply,
  needs: ['apply-resources'],
  when: (definition) => definition.hooks.destinationPost.length > 0,
  maxFailures: 3,
};

const VERIFY: StepDeclaration = {
  name: 'verify',
  title: 'Verify',
  queue: QUEUES.apply,
  needs: ['apply-resources', 'destination-hooks'],
  // An object that was refused is only told by verify; of those that are there already a second apply changes none.
  retriedWith: ['apply-resources'],
  maxFailures: 3,
};

const RESUME_SOURCE: StepDeclaration = {
  name: 'resume-source',
  title: 'Start the source again',
  queue: QUEUES.snapshot,
  needs: [],
  // An application is down until it succeeds: about an hour for an API server that does not answer.
  maxFailures: 60,
};

const CLEANUP: StepDeclaration = {
  name: 'cleanup',
  title: 'Clean up',
  queue: QUEUES.snapshot,
  needs: [],
  always: true,
  // What it leaves is left for good, Secrets with keys of the bucket too: about an hour for a cluster that does not answer.
  maxFailures: 60,
};

/** Takes a cluster that was created away again, where the run came to nothing or a rollback asks for it. */
const DELETE_CLUSTER: StepDeclaration = {
  name: 'delete-cluster',
  title: 'Delete the created cluster',
  queue: QUEUES.provision,
  // What cleanup deletes in the cluster would outlive it in the cloud.
  needs: ['cleanup'],
  always: true,
  when: isCreated,
  // A cluster that is left costs money: about an hour for a cloud that does not answer.
  maxFailures: 60,
};

function isCreated({ destination }: MigrationDefinition): boolean {
  return destination.type !== 'Registered';
}

/** The way of a migration, read from top to bottom. The web app draws its picture from this array. */
const MIGRATION: readonly StepDeclaration[] = [
  PREFLIGHT,
  PROVISION_CLUSTER,
  CHECK_DESTINATION,
  PRE_HOOKS,
  CAPTURE_RESOURCES,
  SNAPSHOT_VOLUME,
  POST_HOOKS,
  COPY_VOLUME,
  RESTORE_VOLUME,
  APPLY_RESOURCES,
  DESTINATION_HOOKS,
  VERIFY,
  CLEANUP,
  DELETE_CLUSTER,
];

/** Copies the volumes, or what changed of them since the last time, beside the running application; applies nothing. */
const STAGE: readonly StepDeclaration[] = [
  PREFLIGHT,
  PRE_HOOKS,
  SNAPSHOT_VOLUME,
  POST_HOOKS,
  COPY_VOLUME,
  RESTORE_VOLUME,
  CLEANUP,
];

/**
 * A migration that stops the source before its volumes are read, so that nothing is written that does not come along. Hooks
 * run while there still are pods for them, and are taken back before these stop: what is frozen could not shut down in order.
 */
const CUT_OVER: readonly StepDeclaration[] = [
  PREFLIGHT,
  PRE_HOOKS,
  CAPTURE_RESOURCES,
  { ...POST_HOOKS, needs: ['pre-hooks', 'capture-resources'], needsOfLive: [] },
  {
    name: 'quiesce-source',
    title: 'Stop the source',
    queue: QUEUES.snapshot,
    needs: ['pre-hooks', 'capture-resources', 'post-hooks'],
    maxFailures: 3,
  },
  SNAPSHOT_VOLUME,
  COPY_VOLUME,
  RESTORE_VOLUME,
  APPLY_RESOURCES,
  DESTINATION_HOOKS,
  VERIFY,
  { ...RESUME_SOURCE, undoes: 'quiesce-source', onlyWhenUnsuccessful: true },
  CLEANUP,
];

/** Takes away what was staged: the volumes on the destination and the archives that the next stage would go on from. */
const DISCARD_STAGING: readonly StepDeclaration[] = [
  { name: 'discard-staging', title: 'Discard what is staged', queue: QUEUES.snapshot, needs: [], maxFailures: 4 },
  CLEANUP,
];

/** Tells what a migration would do: it reads both clusters, and writes to neither. */
const PREVIEW: readonly StepDeclaration[] = [
  PREFLIGHT,
  CAPTURE_RESOURCES,
  { name: 'plan-resources', title: 'Plan resources', queue: QUEUES.apply, needs: ['capture-resources'], maxFailures: 4 },
  CLEANUP,
];

/** Takes back what a migration did on the destination, then what it did on the source: a cut-over stopped it. */
const ROLLBACK: readonly StepDeclaration[] = [
  { name: 'roll-back', title: 'Roll back', queue: QUEUES.apply, needs: [], maxFailures: 4 },
  { ...RESUME_SOURCE, needs: ['roll-back'] },
  CLEANUP,
  DELETE_CLUSTER,
];

const PIPELINES: Readonly<Record<RunKind, readonly StepDeclaration[]>> = {
  Migration: MIGRATION,
  Preview: PREVIEW,
  Rollback: ROLLBACK,
  Stage: STAGE,
  CutOver: CUT_OVER,
  DiscardStaging: DISCARD_STAGING,
};

/** The steps of a run of this kind, in their order. */
export function pipelineOf(kind: RunKind): readonly StepDeclaration[] {
  return PIPELINES[kind];
}

/** The steps that move data. */
export const STREAM_STEPS: readonly StepName[] = MIGRATION.filter(({ takesStreams }) => takesStreams).map(({ name }) => name);

/**
 * What is declared of a step.
 *
 * @param kind of its run; without it only what the step has in common in all pipelines counts
 */
export function declarationOf(name: StepName, kind?: RunKind): StepDeclaration {
  for (const pipeline of [...(kind ? [PIPELINES[kind]] : []), ...Object.values(PIPELINES)]) {
    const declaration = pipeline.find((candidate) => candidate.name === name);
    if (declaration) return declaration;
  }
  throw new Error(`no step is named ${name}`);
}
