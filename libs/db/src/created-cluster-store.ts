import { randomUUID } from 'node:crypto';
import { type CreatedDestination, Destination } from '@godwit/contracts/destination';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import { kubeconfigPurpose } from './cluster-store.ts';
import { toJson } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** How to reach a cluster that was created. */
export interface ClusterAccess {
  server: string;
  kubeconfig: string;
  /** When the kubeconfig stops to be of use, if it does. */
  expiresAt?: Date;
}

/** A registered cluster whose credentials are to be renewed. */
export interface CreatedCluster {
  id: string;
  name: string;
  parameters: CreatedDestination;
}

/** Clusters that runs created, as rows among the registered ones. */
@Injectable()
export class CreatedClusterStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Registers the cluster of a run and makes it the run's destination; once more, it renews what is known of it.
   *
   * @returns its id
   * @throws a duplicate error if the organisation has another cluster of that name
   */
  register(run: { id: string; organisationId: string }, parameters: CreatedDestination, access: ClusterAccess): Promise<string> {
    return this.prisma.$transaction(async (transaction) => {
      const where = { createdByRunId: run.id };
      const before = await transaction.cluster.findUnique({ where, select: { id: true } });
      const id = before?.id ?? randomUUID();
      const columns = this.columns(id, access);
      if (before) await transaction.cluster.update({ where, data: columns });
      else {
        const { type: provider, cloudAccountId, name } = parameters;
        const created = { provider, cloudAccountId, parameters: toJson(parameters), createdByRunId: run.id };
        await transaction.cluster.create({ data: { id, organisationId: run.organisationId, name, ...created, ...columns } });
      }
      await transaction.run.update({ where: { id: run.id }, data: { destClusterId: id } });
      return id;
    });
  }

  /** @returns the registered cluster that a run created, if it is still registered */
  async ofRun(runId: string): Promise<CreatedCluster | undefined> {
    const row = await this.prisma.cluster.findUnique({ where: { createdByRunId: runId } });
    return row ? toCreatedCluster(row) : undefined;
  }

  /** The cluster is gone. Past runs show that it was forgotten. */
  async forget(runId: string): Promise<void> {
    await this.prisma.cluster.deleteMany({ where: { createdByRunId: runId } });
  }

  /**
   * Takes the clusters whose credentials end before a time, a few at once, and keeps what `renew` gives. Of several
   * processes each takes others.
   *
   * @param except ids of clusters that are not to be tried now: they would stand in the way of others
   * @param renew gives undefined where it cannot; the others are kept all the same
   * @returns how many were renewed
   */
  renewDue(
    before: Date,
    renew: (cluster: CreatedCluster) => Promise<ClusterAccess | undefined>,
    except: readonly string[] = [],
  ): Promise<number> {
    return this.prisma.$transaction(
      async (transaction) => {
        const due = await transaction.$queryRaw<{ id: string; name: string; parameters: unknown }[]>`
          SELECT id, name, parameters FROM "Cluster" WHERE "credentialsExpireAt" < ${before} AND id <> ALL(${[...except]}::uuid[])
          ORDER BY "credentialsExpireAt" LIMIT 10 FOR UPDATE SKIP LOCKED`;
        const renewed = await Promise.all(due.map(async (row) => ({ id: row.id, access: await renew(toCreatedCluster(row)) })));
        const kept = renewed.flatMap(({ id, access }) => (access ? [{ id, access }] : []));
        for (const { id, access } of kept) await transaction.cluster.update({ where: { id }, data: this.columns(id, access) });
        return kept.length;
      },
      { timeout: 60_000 },
    );
  }

  private columns(id: string, { server, kubeconfig, expiresAt }: ClusterAccess) {
    const sealedKubeconfig = new Uint8Array(this.sealer.seal(kubeconfigPurpose(id), kubeconfig));
    return { server, sealedKubeconfig, credentialsExpireAt: expiresAt ?? null };
  }
}

function toCreatedCluster({ id, name, parameters }: { id: string; name: string; parameters: unknown }): CreatedCluster {
  const destination = Destination.parse(parameters);
  if (destination.type === 'Registered') throw new Error(`cluster ${id} was not created`);
  return { id, name, parameters: destination };
}
