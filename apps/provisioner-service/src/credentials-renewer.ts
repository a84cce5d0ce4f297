import { reportError } from '@godwit/contracts/errors';
import { type ClusterAccess, type CreatedCluster, CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';

const LOOK_EVERY_MS = 20_000;
/** Tokens of EKS last a quarter of an hour: there is time for some failures before anybody is refused. */
const RENEW_BEFORE_MS = 7 * 60_000;
const ASK_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** Renews the credentials of created clusters before they end. All services read them from the cluster's row. */
@Injectable()
export class CredentialsRenewer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('credentials');
  private timer?: NodeJS.Timeout;
  private busy = false;
  /** Clusters that could not be renewed, by id: left alone for a while each time, twice as long as before. */
  private readonly paused = new Map<string, { until: number; pauseMs: number }>();

  constructor(
    private readonly clusters: CreatedClusterStore,
    private readonly access: CloudAccess,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.renewDue(), LOOK_EVERY_MS);
    void this.renewDue();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Renews what ends soon; a few at once, so that it is called again. */
  async renewDue(now = new Date()): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const paused = [...this.paused].filter(([, { until }]) => until > now.getTime()).map(([id]) => id);
      await this.clusters.renewDue(new Date(now.getTime() + RENEW_BEFORE_MS), (cluster) => this.renew(cluster, now), paused);
    } catch (error) {
      this.logger.warn(`credentials could not be renewed: ${(error as Error).message}`);
    } finally {
      this.busy = false;
    }
  }

  private async renew({ id, name, parameters }: CreatedCluster, now: Date): Promise<ClusterAccess | undefined> {
    try {
      const provider = await this.access.open(parameters.cloudAccountId);
      const access = await provider.credentials(parameters, AbortSignal.timeout(ASK_TIMEOUT_MS));
      this.paused.delete(id);
      return access;
    } catch (error) {
      this.logger.warn(`the credentials of cluster "${name}" could not be renewed: ${reportError(error).message}`);
      const pauseMs = Math.min((this.paused.get(id)?.pauseMs ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
      this.paused.set(id, { until: now.getTime() + pauseMs, pauseMs });
      return undefined;
    }
  }
}
