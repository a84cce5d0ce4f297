import { reportError } from '@godwit/contracts/errors';
import { type ClusterAccess, type CreatedCluster, CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';

const LOOK_EVERY_MS = 20_000;
/** Tokens of EKS last a quarter of an hour: there is time for some failures before anybody is refused. */
const RENEW_BEFORE_MS = 7 * 60_000;
const ASK_TIMEOUT_MS = 30_000;

/** Renews the credentials of created clusters before they end. All services read them from the cluster's row. */
@Injectable()
export class CredentialsRenewer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('credentials');
  private timer?: NodeJS.Timeout;
  private busy = false;

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
      await this.clusters.renewDue(new Date(now.getTime() + RENEW_BEFORE_MS), (cluster) => this.renew(cluster));
    } catch (error) {
      this.logger.warn(`credentials could not be renewed: ${(error as Error).message}`);
    } finally {
      this.busy = false;
    }
  }

  private async renew({ name, parameters }: CreatedCluster): Promise<ClusterAccess | undefined> {
    try {
      const provider = await this.access.open(parameters.cloudAccountId);
      return await provider.credentials(parameters, AbortSignal.timeout(ASK_TIMEOUT_MS));
    } catch (error) {
      this.logger.warn(`the credentials of cluster "${name}" could not be renewed: ${reportError(error).message}`);
      return undefined;
    }
  }
}
