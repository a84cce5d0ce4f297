import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import { Injectable } from '@nestjs/common';
import type { Volume } from './generated/client.ts';
import { toJson } from './json.ts';
import { PrismaService } from './prisma.service.ts';

export interface NewVolume {
  namespace: string;
  name: string;
  targetNamespace: string;
  capacityBytes: number;
  source: VolumeSource;
  /** Why its data is not moved. */
  skipReason?: string;
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

  /** Keeps the volumes that are there: preflight may run again. */
  async ensure(runId: string, volumes: NewVolume[]): Promise<void> {
    await this.prisma.volume.createMany({
      data: volumes.map(({ source, capacityBytes, ...volume }) => ({
        runId,
        ...volume,
        capacityBytes: BigInt(capacityBytes),
        source: toJson(source),
      })),
      skipDuplicates: true,
    });
  }

  async list(runId: string): Promise<RunVolume[]> {
    const rows = await this.prisma.volume.findMany({ where: { runId }, orderBy: [{ namespace: 'asc' }, { name: 'asc' }] });
    return rows.map(toRunVolume);
  }

  async get(id: string): Promise<RunVolume> {
    return toRunVolume(await this.prisma.volume.findUniqueOrThrow({ where: { id } }));
  }

  async saveProgress(id: string, side: 'copy' | 'restore', progress: TransferProgress): Promise<void> {
    await this.prisma.volume.update({ where: { id }, data: { [side]: toJson(progress) } });
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
    ...(row.skipReason ? { skipReason: row.skipReason } : {}),
  };
}
