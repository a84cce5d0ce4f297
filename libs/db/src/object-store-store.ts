import { randomUUID } from 'node:crypto';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';

import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface RegisteredObjectStore {
  id: string;
  name: string;
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  version: number;
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
  version: true,
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

  /** @returns undefined if the organisation has no such store of one of these versions */
  async update(
    organisationId: string,
    id: string,
    name: string,
    config: ObjectStoreConfig,
    versions?: MeantFor,
  ): Promise<RegisteredObjectStore | undefined> {
    const data = { name, ...this.columns(id, config), ...NEXT_VERSION };
    const where = { id, organisationId, ...ofVersion(versions) };
    const [updated] = await this.prisma.objectStore.updateManyAndReturn({ where, data, select: VISIBLE });
    return updated;
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<RegisteredObjectStore>> {
    return pageByName(
      query,
      (row: RegisteredObjectStore) => row,
      ({ where, ...page }) => this.prisma.objectStore.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<RegisteredObjectStore | undefined> {
    return (await this.prisma.objectStore.findFirst({ where: { id, organisationId }, select: VISIBLE })) ?? undefined;
  }

  /** @returns false if the organisation has no such store of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.objectStore.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
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
