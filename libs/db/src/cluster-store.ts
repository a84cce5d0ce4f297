import { randomUUID } from 'node:crypto';
import { ArchiveStorage } from '@godwit/contracts/archive-storage';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Cluster } from './generated/client.ts';
import { toJsonOrNull } from './json.ts';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface RegisteredCluster {
  id: string;
  name: string;
  server: string;
  maxConcurrentRuns: number;
  /** Where archives of migrations from here lie, unless they say otherwise. */
  preferredStorage?: ArchiveStorage;
  version: number;
  /** Of one that was created: EKS, AKS or GKE. */
  provider: string | null;
  /** Of one that was created: in which account, where, and by which run. */
  cloudAccountId?: string;
  region?: string;
  createdByRunId?: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface OpenedKubeconfig {
  name: string;
  kubeconfig: string;
  /** When it stops to be of use, if it does. */
  expiresAt?: Date;
}

const VISIBLE = {
  id: true,
  name: true,
  server: true,
  provider: true,
  cloudAccountId: true,
  parameters: true,
  createdByRunId: true,
  maxConcurrentRuns: true,
  preferredStorage: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** What a cluster's kubeconfig is sealed for. */
export const kubeconfigPurpose = (id: string) => `cluster/${id}/kubeconfig`;

/** Registered clusters. Kubeconfigs go in and come out only as sealed bytes of the row. */
@Injectable()
export class ClusterStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  async create(
    organisationId: string,
    cluster: { name: string; server: string; kubeconfig: string; maxConcurrentRuns?: number },
  ): Promise<RegisteredCluster> {
    const id = randomUUID();
    const { kubeconfig, ...columns } = cluster;
    const sealedKubeconfig = new Uint8Array(this.sealer.seal(kubeconfigPurpose(id), kubeconfig));
    const data = { id, organisationId, ...columns, sealedKubeconfig };
    return registered(await this.prisma.cluster.create({ data, select: VISIBLE }));
  }

  /**
   * @param change what is absent stays; `preferredStorage` null takes the preference away
   * @returns undefined if the organisation has no such cluster of one of these versions
   */
  async update(
    organisationId: string,
    id: string,
    change: {
      name?: string;
      server?: string;
      kubeconfig?: string;
      maxConcurrentRuns?: number;
      preferredStorage?: ArchiveStorage | null;
    },
    versions?: MeantFor,
  ): Promise<RegisteredCluster | undefined> {
    const { kubeconfig, preferredStorage, ...columns } = change;
    const sealed =
      kubeconfig === undefined ? {} : { sealedKubeconfig: new Uint8Array(this.sealer.seal(kubeconfigPurpose(id), kubeconfig)) };
    const preferred = preferredStorage === undefined ? {} : { preferredStorage: toJsonOrNull(preferredStorage ?? undefined) };
    const [updated] = await this.prisma.cluster.updateManyAndReturn({
      where: { id, organisationId, ...ofVersion(versions) },
      data: { ...columns, ...sealed, ...preferred, ...NEXT_VERSION },
      select: VISIBLE,
    });
    return updated && registered(updated);
  }

  async list(organisationId: string): Promise<RegisteredCluster[]> {
    const rows = await this.prisma.cluster.findMany({ where: { organisationId }, select: VISIBLE, orderBy: { name: 'asc' } });
    return rows.map(registered);
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<RegisteredCluster>> {
    return pageByName(query, registered, ({ where, ...page }) =>
      this.prisma.cluster.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<RegisteredCluster | undefined> {
    const row = await this.prisma.cluster.findFirst({ where: { id, organisationId }, select: VISIBLE });
    return row ? registered(row) : undefined;
  }

  /** @returns false if the organisation has no such cluster of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.cluster.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }

  /** For services that work on a run: the ids come from rows, not from callers. */
  async openKubeconfig(id: string): Promise<OpenedKubeconfig | undefined> {
    const select = { name: true, sealedKubeconfig: true, credentialsExpireAt: true };
    const row = await this.prisma.cluster.findUnique({ where: { id }, select });
    if (!row) return undefined;
    const kubeconfig = this.sealer.open(kubeconfigPurpose(id), row.sealedKubeconfig).toString();
    return { name: row.name, kubeconfig, ...(row.credentialsExpireAt ? { expiresAt: row.credentialsExpireAt } : {}) };
  }
}

/** Where a cluster was created, of what it was created from. */
const Place = z
  .object({ region: z.string().optional(), location: z.string().optional() })
  .transform(({ region, location }) => region ?? location)
  .nullable()
  .catch(null);

function registered(columns: Pick<Cluster, keyof typeof VISIBLE>): RegisteredCluster {
  const { preferredStorage, parameters, cloudAccountId, createdByRunId, ...row } = columns;
  const region = Place.parse(parameters);
  return {
    ...row,
    ...(preferredStorage ? { preferredStorage: ArchiveStorage.parse(preferredStorage) } : {}),
    ...(cloudAccountId ? { cloudAccountId } : {}),
    ...(createdByRunId ? { createdByRunId } : {}),
    ...(region ? { region } : {}),
  };
}
