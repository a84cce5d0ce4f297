import type { EventFilter as Filter } from '@godwit/contracts/api-lists';
import { Finding } from '@godwit/contracts/findings';
import { EventLevel, type StepName } from '@godwit/contracts/run';
import { Injectable } from '@nestjs/common';
import type { Prisma } from './generated/client.ts';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';
import { asWritten } from './text-search.ts';

export interface NewRunEvent {
  level: EventLevel;
  message: string;
  step?: StepName;
  /** The volume's id, where it is about one. */
  item?: string;
  data?: object;
}

export interface RunEvent extends NewRunEvent {
  id: string;
  at: Date;
}

/** Which lines; all that is given must hold. `before`: id of a line that comes later. */
export interface EventFilter extends Filter {
  before?: string;
}

/** From the least to the worst. */
const LEVELS = EventLevel.options;

/** A finding with the line of the log that first told it. */
export interface RunFinding extends Finding {
  id: string;
  step?: StepName;
}

/** The log of a run, as people read it. */
@Injectable()
export class RunEventStore {
  constructor(private readonly prisma: PrismaService) {}

  async append(runId: string, ...events: NewRunEvent[]): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await lockRun(transaction, runId);
      await appendEvents(transaction, runId, events);
    });
  }

  /** @param after id of the last event known, as of {@link RunEvent.id}; events come in the order of their ids */
  async list(runId: string, after = '0', limit = 1000, filter: EventFilter = {}): Promise<RunEvent[]> {
    const { level, before, step, item, text, since, until } = filter;
    const rows = await this.prisma.runEvent.findMany({
      where: {
        runId,
        id: { gt: BigInt(after), ...(before ? { lt: BigInt(before) } : {}) },
        step,
        item,
        ...(level ? { level: { in: LEVELS.slice(LEVELS.indexOf(level)) } } : {}),
        ...(text ? { message: { contains: asWritten(text), mode: 'insensitive' } } : {}),
        ...(since || until ? { at: { gte: since, lte: until } } : {}),
      },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map((row) => ({
      id: row.id.toString(),
      at: row.at,
      level: row.level as EventLevel,
      message: row.message,
      ...(row.step ? { step: row.step as StepName } : {}),
      ...(row.item ? { item: row.item } : {}),
      ...(row.data ? { data: row.data as object } : {}),
    }));
  }

  /**
   * What was found, each once: a step that is tried again finds the same things again.
   *
   * @param page `after`: id of the last finding known; findings come in the order in which they were first told
   */
  async findings(runId: string, page: { severity?: Finding['severity']; after: string; limit: number }): Promise<RunFinding[]> {
    const severities = page.severity ? [page.severity] : Finding.shape.severity.options;
    const rows = await this.prisma.$queryRaw<{ id: bigint; step: string | null; data: Finding }[]>`
      SELECT min(id) AS id, step, data FROM "RunEvent"
      WHERE "runId" = ${runId}::uuid AND data->>'severity' = ANY(${severities})
      GROUP BY step, data HAVING min(id) > ${BigInt(page.after)} ORDER BY min(id) LIMIT ${page.limit}`;
    return rows.map(({ id, step, data }) => ({ ...data, id: id.toString(), ...(step ? { step: step as StepName } : {}) }));
  }

  /** @returns how many findings there are, each counted once */
  async countFindings(runId: string): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM (SELECT DISTINCT step, data FROM "RunEvent" WHERE "runId" = ${runId}::uuid
        AND data->>'severity' = ANY(${Finding.shape.severity.options})) AS finding`;
    return Number(row!.count);
  }
}

/**
 * Takes the row of a run until the end of the transaction. Whoever appends to the log holds it, so that lines become visible
 * in the order of their ids: else a reader who goes on after the last id it knows would miss one that was committed late.
 */
export async function lockRun(transaction: Prisma.TransactionClient, runId: string): Promise<void> {
  await transaction.$queryRaw`SELECT id FROM "Run" WHERE id = ${runId}::uuid FOR NO KEY UPDATE`;
}

/** Appends to the log within a transaction that holds the run's row, see {@link lockRun}. */
export async function appendEvents(
  transaction: Prisma.TransactionClient,
  runId: string,
  events: readonly NewRunEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await transaction.runEvent.createMany({
    data: events.map(({ data, item, ...event }) => ({ runId, ...event, item: item || undefined, data: toJsonOrNull(data) })),
  });
}
