import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { VolumeStaging } from '@godwit/contracts/volume-staging';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import { Prisma, type Volume } from './generated/client.ts';
import { toJson, toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';
import { lockRun } from './run-event-store.ts';
import { stepLost } from './step-lost.ts';

export interface NewVolume {
  namespace: string;
  name: string;
  targetNamespace: string;
  capacityBytes: number;
  source: VolumeSource;
  /** Why its data is not moved. */
  skipReason?: string;
  /** Of a staged migration. */
  staging?: VolumeStaging;
}

export interface RunVolume extends NewVolume {
  id: string;
  runId: string;
  copy?: TransferProgress;
  restore?: TransferProgress;
}

/** The volumes of a run: what moves, and how far it is. */
@Injectable()
export class VolumeStore {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Makes the run's volumes those that are planned: preflight may run again and find others. Volumes that are planned again
   * keep their ids.
   *
   * Once preflight has succeeded its volumes are in use, and one that comes late changes nothing.
   */
  async ensure(runId: string, volumes: NewVolume[]): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await lockRun(transaction, runId);
      const done = await transaction.step.count({ where: { runId, name: 'preflight', state: 'Succeeded' } });
      if (done > 0) return;
      const before = await transaction.volume.findMany({ where: { runId }, select: { id: true, namespace: true, name: true } });
      const ids = new Map(before.map(({ id, namespace, name }) => [`${namespace}/${name}`, id]));
      await transaction.volume.deleteMany({ where: { runId } });
      await transaction.volume.createMany({
        data: volumes.map(({ source, capacityBytes, staging, ...volume }) => ({
          id: ids.get(`${volume.namespace}/${volume.name}`),
          runId,
          ...volume,
          capacityBytes: BigInt(capacityBytes),
          source: toJson(source),
          staging: toJsonOrNull(staging),
        })),
      });
    });
  }

  /**
   * Gives volumes the classes that they get on a destination that was created meanwhile, by `namespace/name` of their claims.
   */
  async retarget(runId: string, targetClasses: ReadonlyMap<string, string>): Promise<void> {
    const volumes = await this.list(runId);
    await this.prisma.$transaction(
      volumes.flatMap(({ id, namespace, name, source }) => {
        const targetStorageClassName = targetClasses.get(`${namespace}/${name}`);
        if (targetStorageClassName === undefined) return [];
        const data = { source: toJson({ ...source, targetStorageClassName }) };
        return [this.prisma.volume.update({ where: { id }, data })];
      }),
    );
  }

  async list(runId: string): Promise<RunVolume[]> {
    const rows = await this.prisma.volume.findMany({ where: { runId }, orderBy: [{ namespace: 'asc' }, { name: 'asc' }] });
    return rows.map(toRunVolume);
  }

  async get(id: string): Promise<RunVolume> {
    return toRunVolume(await this.prisma.volume.findUniqueOrThrow({ where: { id } }));
  }

  /**
   * How far the step is with the volume that it is for. A worker that was taken for dead must not write over what another one tells since,
   * the end with its digest least of all. One statement: nobody is to wait for a worker that stands still in between.
   *
   * @throws RetryableError `StepLost` if another worker has the step, or nobody any more: nothing is changed
   */
  async saveProgress(
    { id, attempt, item }: Pick<ClaimedStep, 'id' | 'attempt' | 'item'>,
    side: 'copy' | 'restore',
    progress: TransferProgress,
  ): Promise<void> {
    const saved = await this.prisma.$executeRaw`
      UPDATE "Volume" SET ${Prisma.raw(`"${side}"`)} = ${JSON.stringify(progress)}::jsonb
      WHERE id = ${item}::uuid AND EXISTS (
        SELECT 1 FROM "Step" WHERE id = ${id}::uuid AND attempt = ${attempt} AND state = 'Running' FOR SHARE)`;
    if (saved === 0) throw stepLost();
  }
}

function toRunVolume(row: Volume): RunVolume {
  return {
    id: row.id,
    runId: row.runId,
    namespace: row.namespace,
    name: row.name,
    targetNamespace: row.targetNamespace,
    capacityBytes: Number(row.capacityBytes),
    source: row.source as unknown as VolumeSource,
    ...(row.copy ? { copy: row.copy as unknown as TransferProgress } : {}),
    ...(row.restore ? { restore: row.restore as unknown as TransferProgress } : {}),
    ...(row.staging ? { staging: row.staging as unknown as VolumeStaging } : {}),
    ...(row.skipReason ? { skipReason: row.skipReason } : {}),
  };
}
