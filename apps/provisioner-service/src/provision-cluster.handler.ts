import { FatalError } from '@godwit/contracts/errors';
import { RunStore } from '@godwit/db/run-store';
import type { StepContext } from '@godwit/queue/step-worker';
import { Injectable } from '@nestjs/common';

/** Makes the destination of a run, where it is to be created. No cloud is known yet, so each is refused by its name. */
@Injectable()
export class ProvisionClusterHandler {
  constructor(private readonly runs: RunStore) {}

  async handle({ step }: StepContext): Promise<undefined> {
    const { definition } = await this.runs.get(step.runId);
    throw new FatalError('ProviderUnknown', `a destination of the type ${definition.destination.type} cannot be created`, {
      cure: 'Choose a registered cluster as the destination.',
    });
  }
}
