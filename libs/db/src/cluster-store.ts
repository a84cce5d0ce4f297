import { randomUUID } from 'node:crypto';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';

import { PrismaService } from './prisma.service.ts';

export interface RegisteredCluster {
  id: string;
  name: string;
  server: string;
  createdAt: Date;
  updatedAt: Date;
}

const VISIBLE = { id: true, name: true, server: true, createdAt: true, updatedAt: true } as const;

const purpose = (id: string) => `cluster/${id}/kubeconfig`;

/** Registered clusters. Kubeconfigs go in and come out only as sealed bytes of the row. */
@Injectable()
export class ClusterStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  async create(
    organisationId: string,
    cluster: { name: string; server: string; kubeconfig: string },
  ): Promise<RegisteredCluster> {
    const id = randomUUID();
    const { name, server, kubeconfig } = cluster;
    const sealedKubeconfig = new Uint8Array(this.sealer.seal(purpose(id), kubeconfig));
    return this.prisma.cluster.create({ data: { id, organisationId, name, server, sealedKubeconfig }, select: VISIBLE });
  }

  /** @returns undefined if the organisation has no such cluster */
  async update(
    organisationId: string,
    id: string,
    change: { name?: string; server?: string; kubeconfig?: string },
  ): Promise<RegisteredCluster | undefined> {
    const { kubeconfig, ...columns } = change;
    const sealed =
      kubeconfig === undefined ? {} : { sealedKubeconfig: new Uint8Array(this.sealer.seal(purpose(id), kubeconfig)) };
    const [updated] = await this.prisma.cluster.updateManyAndReturn({
      where: { id, organisationId },
      data: { ...columns, ...sealed },
      select: VISIBLE,
    });
    return updated;
  }

  list(organisationId: string): Promise<RegisteredCluster[]> {
    return this.prisma.cluster.findMany({ where: { organisationId }, select: VISIBLE, orderBy: { name: 'asc' } });
  }

  async find(organisationId: string, id: string): Promise<RegisteredCluster | undefined> {
    return (await this.prisma.cluster.findFirst({ where: { id, organisationId }, select: VISIBLE })) ?? undefined;
  }

  async delete(organisationId: string, id: string): Promise<boolean> {
    return (await this.prisma.cluster.deleteMany({ where: { id, organisationId } })).count > 0;
  }

  /** For services that work on a run: the ids come from rows, not from callers. */
  async openKubeconfig(id: string): Promise<{ name: string; kubeconfig: string } | undefined> {
    const row = await this.prisma.cluster.findUnique({ where: { id }, select: { name: true, sealedKubeconfig: true } });
    return row ? { name: row.name, kubeconfig: this.sealer.open(purpose(id), row.sealedKubeconfig).toString() } : undefined;
  }
}
