import type { TransferSample } from '@godwit/pipeline/transfer-rate';
import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

const EVERY_SECONDS = 5;
/** A chart has no more points to show. */
const MOST = 600;
/** What the present rate is taken from stays as it is. */
const RECENT_SECONDS = 180;

/** How far runs were, each few seconds: what rates and charts are made from. */
@Injectable()
export class RunSampleStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Adds one of each run that moves data now, of any organisation. However many do so at once, there is one for each few seconds. */
  async record(): Promise<void> {
    await this.prisma.$executeRaw`
      INSERT INTO "RunSample" ("runId", "at", "copyBytes", "restoreBytes")
      SELECT volume."runId", date_bin(make_interval(secs => ${EVERY_SECONDS}), now(), 'epoch'),
        COALESCE(sum((volume."copy"->>'bytesDone')::numeric), 0)::bigint,
        COALESCE(sum((volume."restore"->>'bytesDone')::numeric), 0)::bigint
      FROM "Volume" AS volume WHERE volume."skipReason" IS NULL AND volume."runId" IN (
        SELECT step."runId" FROM "Step" AS step
        WHERE step."state" = 'Running' AND step."name" IN ('copy-volume', 'restore-volume'))
      GROUP BY volume."runId" ON CONFLICT DO NOTHING`;
  }

  /** Of runs that have too many, keeps every second one, fourth one, ...: those that lie on times that stay the same. */
  async thin(): Promise<void> {
    await this.prisma.$executeRaw`
      WITH large AS (
        SELECT "runId", power(2, ceil(log(2, greatest(2, extract(epoch FROM max("at") - min("at")) / ${EVERY_SECONDS} / ${MOST}
          * 1.2)::numeric)))::bigint AS stride
        FROM "RunSample" GROUP BY "runId" HAVING count(*) > ${MOST})
      DELETE FROM "RunSample" AS sample USING large
      WHERE sample."runId" = large."runId" AND sample."at" < now() - make_interval(secs => ${RECENT_SECONDS})
        AND (extract(epoch FROM sample."at")::bigint / ${EVERY_SECONDS}) % large.stride <> 0`;
  }

  /** @returns in the order of their times */
  list(runId: string): Promise<TransferSample[]> {
    return this.find([runId]).then((samples) => samples.get(runId) ?? []);
  }

  /** @returns those of these runs since a time, each in the order of their times */
  async since(runIds: string[], since: Date): Promise<Map<string, TransferSample[]>> {
    return runIds.length === 0 ? new Map() : this.find(runIds, since);
  }

  private async find(runIds: string[], since?: Date): Promise<Map<string, TransferSample[]>> {
    const rows = await this.prisma.runSample.findMany({
      where: { runId: { in: runIds }, ...(since ? { at: { gte: since } } : {}) },
      orderBy: { at: 'asc' },
    });
    const samples = rows.map(({ copyBytes, restoreBytes, ...row }) => ({
      ...row,
      copyBytes: Number(copyBytes),
      restoreBytes: Number(restoreBytes),
    }));
    return Map.groupBy(samples, ({ runId }) => runId);
  }
}
