import { randomUUID } from 'node:crypto';
import { CloudCredentials, type CloudProviderName, identityOf } from '@godwit/contracts/cloud-accounts';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface CloudAccount {
  id: string;
  name: string;
  provider: CloudProviderName;
  /** Who acts, for people. */
  identity: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** With what it takes to act in it. */
export interface OpenedCloudAccount {
  name: string;
  organisationId: string;
  credentials: CloudCredentials;
}

const VISIBLE = {
  id: true,
  name: true,
  provider: true,
  identity: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} as const;

const purpose = (id: string) => `cloud-account/${id}/credentials`;

/** Accounts of clouds. Their credentials are sealed. */
@Injectable()
export class CloudAccountStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  async create(organisationId: string, name: string, credentials: CloudCredentials): Promise<CloudAccount> {
    const id = randomUUID();
    const data = { id, organisationId, name, ...this.columns(id, credentials) };
    return toAccount(await this.prisma.cloudAccount.create({ data, select: VISIBLE }));
  }

  /** @returns undefined if the organisation has no such account of one of these versions */
  async update(
    organisationId: string,
    id: string,
    name: string,
    credentials: CloudCredentials,
    versions?: MeantFor,
  ): Promise<CloudAccount | undefined> {
    const data = { name, ...this.columns(id, credentials), ...NEXT_VERSION };
    const where = { id, organisationId, ...ofVersion(versions) };
    const [updated] = await this.prisma.cloudAccount.updateManyAndReturn({ where, data, select: VISIBLE });
    return updated && toAccount(updated);
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<CloudAccount>> {
    return pageByName(query, toAccount, ({ where, ...page }) =>
      this.prisma.cloudAccount.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<CloudAccount | undefined> {
    const row = await this.prisma.cloudAccount.findFirst({ where: { id, organisationId }, select: VISIBLE });
    return row ? toAccount(row) : undefined;
  }

  /** @returns false if the organisation has no such account of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.cloudAccount.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }

  /** Names of the registered clusters that were created in it, whose credentials it renews. */
  async clusterNames(organisationId: string, id: string): Promise<string[]> {
    const where = { organisationId, cloudAccountId: id };
    const rows = await this.prisma.cluster.findMany({ where, select: { name: true }, orderBy: { name: 'asc' } });
    return rows.map(({ name }) => name);
  }

  /** For services that work on a run: the ids come from rows, not from callers. */
  async open(id: string): Promise<OpenedCloudAccount | undefined> {
    const select = { name: true, organisationId: true, sealedCredentials: true };
    const row = await this.prisma.cloudAccount.findUnique({ where: { id }, select });
    if (!row) return undefined;
    const credentials = CloudCredentials.parse(JSON.parse(this.sealer.open(purpose(id), row.sealedCredentials).toString()));
    return { name: row.name, organisationId: row.organisationId, credentials };
  }

  private columns(id: string, credentials: CloudCredentials) {
    return {
      provider: credentials.provider,
      identity: identityOf(credentials),
      sealedCredentials: new Uint8Array(this.sealer.seal(purpose(id), JSON.stringify(credentials))),
    };
  }
}

function toAccount({ provider, ...row }: Omit<CloudAccount, 'provider'> & { provider: string }): CloudAccount {
  return { ...row, provider: provider as CloudProviderName };
}
