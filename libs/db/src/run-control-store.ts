import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';
import { appendEvents, lockRun, type NewRunEvent } from './run-event-store.ts';

type Change = Parameters<PrismaService['run']['updateMany']>[0];

/** What people ask of a run on its way. Each tells whether anything changed: it may have gone on, or been asked before. */
@Injectable()
export class RunControlStore {
  constructor(private readonly prisma: PrismaService) {}

  /** A run that is held goes on from the steps that failed. */
  requestRetry(organisationId: string, id: string): Promise<boolean> {
    const now = new Date();
    return this.change(
      id,
      {
        where: { id, organisationId, phase: 'Held', retryRequestedAt: null, cancelRequestedAt: null },
        data: { retryRequestedAt: now, advanceRequestedAt: now },
      },
      'A retry was asked for; the run goes on as soon as all that ran has stopped',
    );
  }

  /** The steps that move data stop until the run is resumed. */
  pause(organisationId: string, id: string): Promise<boolean> {
    const now = new Date();
    return this.change(
      id,
      {
        where: { id, organisationId, phase: 'Running', pausedAt: null, cancelRequestedAt: null },
        data: { pausedAt: now, advanceRequestedAt: now },
      },
      'The run is paused: no data is moved until it is resumed; other steps go on',
    );
  }

  resume(organisationId: string, id: string): Promise<boolean> {
    return this.change(
      id,
      {
        where: { id, organisationId, phase: { in: ['Running', 'Held'] }, pausedAt: { not: null } },
        data: { pausedAt: null, advanceRequestedAt: new Date() },
      },
      'The run is resumed: its volumes go on from where they were',
    );
  }

  /** The log tells exactly what was changed. */
  private change(runId: string, change: Change, message: string): Promise<boolean> {
    return this.prisma.$transaction(async (transaction) => {
      await lockRun(transaction, runId);
      const { count } = await transaction.run.updateMany(change);
      const event: NewRunEvent = { level: 'info', message };
      if (count > 0) await appendEvents(transaction, runId, [event]);
      return count > 0;
    });
  }
}
