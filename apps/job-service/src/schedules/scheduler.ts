import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckStart, ScheduleStore } from '@godwit/db/schedule-store';
import { ScheduleBell } from '@godwit/queue/schedule-bell';
import { OutageLog } from '@godwit/service-kit/outage-log';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { References } from '../migrations/references.ts';
import { RunAdmission } from '../run-queue/run-admission.ts';

/** Times that no bell told of are looked for so often. */
const LOOK_EVERY_MS = 2_000;
/** Bells that Redis lost are hung up again within about this time. */
const BELLS_EVERY_MS = 30_000;

/** Starts the runs of schedules when a bell rings, and finds by itself what no bell told of. Every replica does so. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('scheduler'), 'keeping schedules');
  private readonly stopped = new AbortController();
  private looking?: Promise<void>;
  private bellsAt = 0;

  constructor(
    private readonly store: ScheduleStore,
    private readonly bell: ScheduleBell,
    private readonly references: References,
    private readonly admission: RunAdmission,
  ) {}

  onApplicationBootstrap(): void {
    this.bell.listen(
      (id) => this.fire(id),
      (error) => this.outage.failed(error),
    );
    this.looking = this.lookUntilStopped();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.bell.stop();
    await this.looking;
  }

  /** After a change: its bell is hung up at once. */
  async changed(): Promise<void> {
    await this.bell.setAll(await this.store.listActive()).catch(() => {}); // looked at again soon
  }

  private async fire(id: string): Promise<void> {
    await this.store.fire(id, this.check);
    await this.admission.admit();
  }

  /** As of a start that somebody asks for, who would read the answer. */
  private readonly check: CheckStart = async (organisationId, definition, kind) => {
    try {
      await this.references.checkStart(organisationId, definition, kind);
      return undefined;
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      return `${error.message}: ${error.fields.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`;
    }
  };

  private async lookUntilStopped(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        const [failed] = await this.fireDue();
        if (Date.now() - this.bellsAt >= BELLS_EVERY_MS) {
          await this.bell.setAll(await this.store.listActive());
          this.bellsAt = Date.now();
        }
        if (failed) throw failed;
        this.outage.worked();
      } catch (error) {
        this.outage.failed(error);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.stopped.signal }).catch(() => {});
    }
  }

  /** @returns the errors of those that could not be kept, which hold up no others */
  private async fireDue(): Promise<Error[]> {
    const errors: Error[] = [];
    for (const id of await this.store.findDue()) {
      await this.fire(id).catch((cause: Error) => errors.push(new Error(`schedule ${id}: ${cause.message}`, { cause })));
    }
    return errors;
  }
}
