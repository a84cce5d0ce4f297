import { ArchiveStorage } from '@godwit/contracts/archive-storage';
import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeArchive } from '@godwit/contracts/volume-staging';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import type { Prisma, StagedVolume as Row } from './generated/client.ts';
import { toJson } from './json.ts';
import { PrismaService } from './prisma.service.ts';
import type { StoredRun } from './run-store.ts';
import { stepLost } from './step-lost.ts';
import type { RunVolume } from './volume-store.ts';

/** A volume on the destination that stages of a migration have filled. */
export interface StagedVolume {
  id: string;
  organisationId: string;
  migrationId: string;
  namespace: string;
  name: string;
  sourceClusterId: string;
  sourceClaimUid: string;
  destClusterId: string;
  storageClassName: string;
  volumeMode: string;
  accessModes: string[];
  requestedStorage: string;
  claimName: string;
  /** Once the claim is made. */
  claimUid?: string;
  /** Digest of the archive whose state the volume has; absent where nobody knows what it holds. */
  digest?: string;
  /** Where archives of it lie, also before there is one. */
  storage: ArchiveStorage;
  archive?: VolumeArchive;
  /** The last stage that was complete. */
  stagedAt?: Date;
  stages: number;
  /** Of the last stage. */
  bytes: number;
  storedBytes: number;
  isDelta: boolean;
}

/** A run of a staged migration, with a volume that it stages, and the step that a worker holds for it. */
export interface StagingTask {
  step: Pick<ClaimedStep, 'id' | 'attempt'>;
  run: Pick<StoredRun, 'id' | 'organisationId' | 'sourceClusterId' | 'storage'> & {
    migrationId: string;
    destinationClusterId: string;
  };
  volume: Pick<RunVolume, 'id' | 'namespace' | 'name' | 'source'>;
  claimName: string;
}

/**
 * What is staged of migrations. A row is there before its claim is made and goes after it is gone, so that nothing is forgotten; what
 * the volume holds counts as unknown from before a restore begins until after it has ended. What a restore writes is fenced by the
 * attempt of its step: a worker that was taken for dead must not tell what a volume holds that another one fills since.
 */
@Injectable()
export class StagedVolumeStore {
  constructor(private readonly prisma: PrismaService) {}

  async list(organisationId: string, migrationId: string): Promise<StagedVolume[]> {
    const rows = await this.prisma.stagedVolume.findMany({
      where: { organisationId, migrationId },
      orderBy: [{ namespace: 'asc' }, { name: 'asc' }],
    });
    return rows.map(toStagedVolume);
  }

  /**
   * To be called before a restore changes the volume, and before its claim is made: what it holds is not known until `complete`.
   *
   * @returns the row as it is then; `claimUid` is that of the claim that earlier stages have filled
   * @throws RetryableError `StepLost` if another worker has the step, or nobody any more: nothing is changed
   */
  async begin(task: StagingTask): Promise<StagedVolume> {
    const { run, volume, claimName } = task;
    const { namespace, name, source } = volume;
    const migrationId_namespace_name = { migrationId: run.migrationId, namespace, name };
    const values = {
      sourceClusterId: run.sourceClusterId,
      sourceClaimUid: source.claimUid,
      destClusterId: run.destinationClusterId,
      storageClassName: source.targetStorageClassName,
      volumeMode: source.volumeMode,
      accessModes: source.accessModes,
      requestedStorage: source.requestedStorage,
      claimName,
      digest: null,
    };
    return this.asHolder(task, async (transaction) => {
      const before = await transaction.stagedVolume.findUnique({ where: { migrationId_namespace_name } });
      const another = before && before.claimName !== claimName ? { claimUid: null } : {};
      const row = await transaction.stagedVolume.upsert({
        where: { migrationId_namespace_name },
        create: { ...migrationId_namespace_name, organisationId: run.organisationId, storage: toJson(run.storage), ...values },
        update: { ...values, ...another },
      });
      return toStagedVolume(row);
    });
  }

  /** @throws RetryableError `StepLost`, as `begin` */
  async noteClaim(id: string, task: StagingTask, claimUid: string): Promise<void> {
    await this.asHolder(task, (transaction) => transaction.stagedVolume.update({ where: { id }, data: { claimUid } }));
  }

  /**
   * The volume has the state of the archive that this run has made of it. Called again by the same run it changes nothing more.
   *
   * @throws RetryableError `StepLost`, as `begin`
   */
  async complete(id: string, task: StagingTask, restored: TransferProgress): Promise<void> {
    const { run, volume } = task;
    const { digest, base, bytesDone, storedBytes } = restored;
    await this.asHolder(task, async (transaction) => {
      const { archiveRunId } = await transaction.stagedVolume.findUniqueOrThrow({
        where: { id },
        select: { archiveRunId: true },
      });
      await transaction.stagedVolume.update({
        where: { id },
        data: {
          digest: digest ?? null,
          storage: toJson(run.storage),
          archiveRunId: run.id,
          archiveVolumeId: volume.id,
          stagedAt: new Date(),
          bytes: BigInt(bytesDone),
          storedBytes: BigInt(storedBytes),
          isDelta: base !== undefined,
          ...(archiveRunId === run.id ? {} : { stages: { increment: 1 } }),
        },
      });
    });
  }

  /** To be called when its claim and its archive are gone. */
  async remove(id: string): Promise<void> {
    await this.prisma.stagedVolume.deleteMany({ where: { id } });
  }

  /** Writes while the step cannot be taken away, if it is held still. */
  private asHolder<T>({ step }: StagingTask, write: (transaction: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    return this.prisma.$transaction(async (transaction) => {
      const held = await transaction.$queryRaw<unknown[]>`
        SELECT id FROM "Step" WHERE id = ${step.id}::uuid AND attempt = ${step.attempt} AND state = 'Running' FOR UPDATE`;
      if (held.length === 0) throw stepLost();
      return write(transaction);
    });
  }

  /** Staged volumes that still use a cluster or a store, which so must stay registered. */
  countUsing(organisationId: string, use: { clusterId?: string; objectStoreId?: string }): Promise<number> {
    const { clusterId, objectStoreId } = use;
    return this.prisma.stagedVolume.count({
      where: {
        organisationId,
        ...(objectStoreId ? { storage: { path: ['objectStoreId'], equals: objectStoreId } } : {}),
        ...(clusterId ? { OR: [{ sourceClusterId: clusterId }, { destClusterId: clusterId }] } : {}),
      },
    });
  }
}

function toStagedVolume(row: Row): StagedVolume {
  const { claimUid, digest, archiveRunId, archiveVolumeId, stagedAt, bytes, storedBytes, ...same } = row;
  const storage = ArchiveStorage.parse(row.storage);
  return {
    ...same,
    storage,
    ...(claimUid === null ? {} : { claimUid }),
    ...(digest === null ? {} : { digest }),
    ...(archiveRunId && archiveVolumeId ? { archive: { storage, runId: archiveRunId, volumeId: archiveVolumeId } } : {}),
    ...(stagedAt === null ? {} : { stagedAt }),
    bytes: Number(bytes),
    storedBytes: Number(storedBytes),
  };
}
