import type { Finding } from '@godwit/contracts/findings';
import type { EventLevel } from '@godwit/contracts/run';
import { type NewRunEvent, RunEventStore } from '@godwit/db/run-event-store';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { RunNews } from '@godwit/queue/run-news';
import { Injectable } from '@nestjs/common';

const LEVEL_OF: Record<Finding['severity'], EventLevel> = { error: 'error', warning: 'warning', note: 'info' };

/** Tells a run's story to its readers. */
@Injectable()
export class RunLog {
  constructor(
    private readonly events: RunEventStore,
    private readonly news: RunNews,
  ) {}

  info(step: ClaimedStep, message: string, data?: object): Promise<void> {
    return this.append(step, [{ level: 'info', message, data }]);
  }

  warn(step: ClaimedStep, message: string, data?: object): Promise<void> {
    return this.append(step, [{ level: 'warning', message, data }]);
  }

  findings(step: ClaimedStep, findings: readonly Finding[]): Promise<void> {
    const events = findings.map((finding) => ({ level: LEVEL_OF[finding.severity], message: sentence(finding), data: finding }));
    return this.append(step, events);
  }

  private async append(step: ClaimedStep, events: Pick<NewRunEvent, 'level' | 'message' | 'data'>[]): Promise<void> {
    if (events.length === 0) return;
    await this.events.append(step.runId, ...events.map((event) => ({ ...event, step: step.name, item: step.item })));
    await this.news.tell(step.runId);
  }
}

function sentence({ object, message, cure }: Finding): string {
  // Some messages are sentences with their full stop, most are not.
  const said = (object ? `${object}: ${message}` : message).replace(/\.$/, '');
  return [said, cure].filter(Boolean).join('. ');
}
