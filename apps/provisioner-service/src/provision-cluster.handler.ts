import { ClusterProviders } from '@godwit/cloud/cluster-providers';
import { FatalError } from '@godwit/contracts/errors';
import { RunStore } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { Injectable } from '@nestjs/common';

/** Makes the destination of a run, where it is to be created. */
@Injectable()
export class ProvisionClusterHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly providers: ClusterProviders,
  ) {}

  async handle({ step, signal }: StepContext): Promise<object> {
    const { destination } = (await this.runs.get(step.runId)).definition;
    const provider = this.providers.find(destination.type);
    if (!provider) {
      const known = this.providers.types.join(', ') || 'none';
      throw new FatalError(
        'ProviderUnknown',
        `clusters of the type ${destination.type} cannot be created here (known: ${known})`,
        {
          cure: 'Choose a registered cluster as the destination.',
        },
      );
    }
    const { providerId, server } = await provider.ensureCluster(step.runId, destination, signal);
    return { providerId, server };
  }
}
