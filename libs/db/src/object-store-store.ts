import { randomUUID } from 'node:crypto';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';

import { PrismaService } from './prisma.service.ts';

export interface RegisteredObjectStore {
  id: string;
  name: string;
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  createdAt: Date;
  updatedAt: Date;
}

const VISIBLE = {
  id: true,
  name: true,
  endpoint: true,
  region: true,
  bucket: true,
  prefix: true,
  createdAt: true,
  updatedAt: true,
} as const;

const purpose = (id: string) => `object-store/${id}/config`;

/** Registered object stores. Their credentials are sealed. */
@Injectable()
export class ObjectStoreStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  async create(organisationId: string, name: string, config: ObjectStoreConfig): Promise<RegisteredObjectStore> {
    const id = randomUUID();
    return this.prisma.objectStore.create({ data: { id, organisationId, name, ...this.columns(id, config) }, select: VISIBLE });
  }

  /** @returns undefined if the organisation has no such store */
  async update(
    organisationId: string,
    id: string,
    name: string,
    config: ObjectStoreConfig,
  ): Promise<RegisteredObjectStore | undefined> {
    const data = { name, ...this.columns(id, config) };
    const [updated] = await this.prisma.objectStore.updateManyAndReturn({ where: { id, organisationId }, data, select: VISIBLE });
    return updated;
  }

  list(organisationId: string): Promise<RegisteredObjectStore[]> {
    return this.prisma.objectStore.findMany({ where: { organisationId }, select: VISIBLE, orderBy: { name: 'asc' } });
  }

  async find(organisationId: string, id: string): Promise<RegisteredObjectStore | undefined> {
    return (await this.prisma.objectStore.findFirst({ where: { id, organisationId }, select: VISIBLE })) ?? undefined;
  }

  async delete(organisationId: string, id: string): Promise<boolean> {
    return (await this.prisma.objectStore.deleteMany({ where: { id, organisationId } })).count > 0;
  }

  /** For services that work on a run: the ids come from rows, not from callers. */
  async openConfig(id: string): Promise<{ name: string; config: ObjectStoreConfig } | undefined> {
    const row = await this.prisma.objectStore.findUnique({ where: { id }, select: { name: true, sealedConfig: true } });
    if (!row) return undefined;
    return {
      name: row.name,
      config: ObjectStoreConfig.parse(JSON.parse(this.sealer.open(purpose(id), row.sealedConfig).toString())),
    };
  }

  private columns(id: string, config: ObjectStoreConfig) {
    const { endpoint, region, bucket, prefix } = config;
    return {
      endpoint,
      region,
      bucket,
      prefix,
      sealedConfig: new Uint8Array(this.sealer.seal(purpose(id), JSON.stringify(config))),
    };
  }
}
