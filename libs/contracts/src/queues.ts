/** One queue for each kind of worker. A message rings a bell; what is to be done stands in Postgres. */
export const QUEUES = {
  /** job-service: runs that may go on. */
  advance: 'advance',
  /** job-service: schedules whose time may have come. */
  schedules: 'schedules',
  /** snapshot-service: steps on the source. */
  snapshot: 'snapshot',
  /** data-mover-service: one worker for each volume that is copied to the store. */
  copy: 'copy',
  /** data-mover-service: one worker for each volume that is restored from the store. Apart from `copy`, so that
   * restores that wait for their copy can never take the workers which that copy needs. */
  restore: 'restore',
  /** provisioner-service: clusters to be created. */
  provision: 'provision',
  /** restore-service: steps on the destination. */
  apply: 'apply',
} as const;
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];
/** The queues whose messages point to a step. */
export type StepQueueName = Exclude<QueueName, 'advance' | 'schedules'>;

/** Ids only, never credentials. */
export interface StepMessage {
  stepId: string;
  attempt: number;
}

export interface ScheduleMessage {
  scheduleId: string;
}

export interface AdvanceMessage {
  runId: string;
}

/** Redis channel that tells of news of a run, so that readers look into Postgres. */
export const RUN_NEWS_CHANNEL = 'godwit:run-news';
