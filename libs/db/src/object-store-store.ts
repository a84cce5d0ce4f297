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
  forcePathStyle: boolean;
  caBundle?: string;
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
  sealedConfig: true,
} as const;

type Row = Omit<RegisteredObjectStore, 'forcePathStyle' | 'caBundle'> & { sealedConfig: Uint8Array };

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
    const data = { id, organisationId, name, ...this.columns(id, config) };
    return this.registered(await this.prisma.objectStore.create({ data, select: VISIBLE }));
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
    return updated && this.registered(updated);
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<RegisteredObjectStore>> {
    return pageByName(
      query,
      (row: RegisteredObjectStore) => row,
      async ({ where, ...page }) => {
        const rows = await this.prisma.objectStore.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page });
        return rows.map((row) => this.registered(row));
      },
    );
  }

  async find(organisationId: string, id: string): Promise<RegisteredObjectStore | undefined> {
    const row = await this.prisma.objectStore.findFirst({ where: { id, organisationId }, select: VISIBLE });
    return row ? this.registered(row) : undefined;
  }

  /** @returns false if the organisation has no such store of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.objectStore.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }

  /** For services that work on a run: the ids come from rows, not from callers. */
  async openConfig(id: string): Promise<{ name: string; config: ObjectStoreConfig } | undefined> {
    const row = await this.prisma.objectStore.findUnique({ where: { id }, select: { name: true, sealedConfig: true } });
    if (!row) return undefined;
    return { name: row.name, config: this.open(id, row.sealedConfig) };
  }

  private registered({ sealedConfig, ...row }: Row): RegisteredObjectStore {
    return { ...row, ...this.connectionOf(row.id, sealedConfig) };
  }

  /** What is sealed with the credentials, but is not secret itself. */
  private connectionOf(id: string, sealedConfig: Uint8Array): Pick<RegisteredObjectStore, 'forcePathStyle' | 'caBundle'> {
    try {
      const { forcePathStyle, caBundle } = this.open(id, sealedConfig);
      return { forcePathStyle, ...(caBundle === undefined ? {} : { caBundle }) };
    } catch {
      // Whoever tries the store is told why it does not open; it is listed still, to be configured anew or forgotten.
      return { forcePathStyle: true };
    }
  }

  private open(id: string, sealedConfig: Uint8Array): ObjectStoreConfig {
    return ObjectStoreConfig.parse(JSON.parse(this.sealer.open(purpose(id), sealedConfig).toString()));
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
