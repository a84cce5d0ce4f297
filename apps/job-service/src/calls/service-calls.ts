import {
  CALLS,
  type CloudAccountCall,
  CloudAccountStatus,
  CloudOptions,
  type CloudOptionsCall,
  ClusterStatus,
  DestinationProblems,
  HookPods,
  type InspectClusterCall,
  type MatchHookPodsCall,
  ObjectStoreStatus,
  type SuggestDestinationCall,
  type TestObjectStoreCall,
  type ValidateDestinationCall,
} from '@godwit/contracts/calls';
import { OfferedLabels, OfferedNamespaces, OfferedTypes } from '@godwit/contracts/cluster-offer';
import { DestinationSuggestion, SourceNodes } from '@godwit/contracts/destination-suggestion';
import type { Finding } from '@godwit/contracts/findings';
import { UnavailableProblem } from '@godwit/service-kit/problem-details';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom, TimeoutError, timeout } from 'rxjs';
import type { z } from 'zod';

export const SERVICE_CLIENT = Symbol('ServiceClient');
export const CALL_TIMEOUT = Symbol('CallTimeout');

/** When a service that did not answer may be worth another question. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Asks other services what is to be answered at once. Where something was saved or is known beside, that they do not answer is an
 * answer too: the state is unknown. Where their answer is all that was asked for, it is UnavailableProblem.
 */
@Injectable()
export class ServiceCalls {
  private readonly logger = new Logger('calls');

  constructor(
    @Inject(SERVICE_CLIENT) private readonly client: ClientProxy,
    @Inject(CALL_TIMEOUT) private readonly timeoutMs: number,
  ) {}

  async inspectCluster(clusterId: string): Promise<ClusterStatus> {
    const call: InspectClusterCall = { clusterId };
    const answer = await this.ask('snapshot-service', CALLS.inspectCluster, call, ClusterStatus);
    return answer.ok ? answer.value : { state: 'Unknown', problem: answer.problem };
  }

  async listSourceNodes(clusterId: string): Promise<SourceNodes> {
    const call: InspectClusterCall = { clusterId };
    const answer = await this.ask('snapshot-service', CALLS.listSourceNodes, call, SourceNodes);
    return answer.ok ? answer.value : { nodes: [], problem: answer.problem };
  }

  offerNamespaces(clusterId: string): Promise<OfferedNamespaces> {
    return this.offer(CALLS.offerNamespaces, clusterId, OfferedNamespaces);
  }

  offerTypes(clusterId: string): Promise<OfferedTypes> {
    return this.offer(CALLS.offerTypes, clusterId, OfferedTypes);
  }

  offerLabels(clusterId: string): Promise<OfferedLabels> {
    return this.offer(CALLS.offerLabels, clusterId, OfferedLabels);
  }

  async matchHookPods(call: MatchHookPodsCall): Promise<HookPods> {
    return given(await this.ask('snapshot-service', CALLS.matchHookPods, call, HookPods));
  }

  async testObjectStore(call: TestObjectStoreCall): Promise<ObjectStoreStatus> {
    const answer = await this.ask('data-mover-service', CALLS.testObjectStore, call, ObjectStoreStatus);
    return answer.ok ? answer.value : { state: 'Unknown', problem: answer.problem };
  }

  async testCloudAccount(cloudAccountId: string): Promise<CloudAccountStatus> {
    const call: CloudAccountCall = { cloudAccountId };
    const answer = await this.ask('provisioner-service', CALLS.testCloudAccount, call, CloudAccountStatus);
    return answer.ok ? answer.value : { state: 'Unknown', problem: answer.problem };
  }

  async listCloudOptions(call: CloudOptionsCall): Promise<CloudOptions> {
    return given(await this.ask('provisioner-service', CALLS.listCloudOptions, call, CloudOptions));
  }

  async suggestDestination(call: SuggestDestinationCall): Promise<DestinationSuggestion> {
    return given(await this.ask('provisioner-service', CALLS.suggestDestination, call, DestinationSuggestion));
  }

  async validateDestination(call: ValidateDestinationCall): Promise<DestinationProblems> {
    const answer = await this.ask('provisioner-service', CALLS.validateDestination, call, DestinationProblems);
    return answer.ok ? answer.value : { errors: [], problem: answer.problem };
  }

  private async offer<S extends z.ZodType>(pattern: string, clusterId: string, schema: S): Promise<z.infer<S>> {
    const call: InspectClusterCall = { clusterId };
    return given(await this.ask('snapshot-service', pattern, call, schema));
  }

  private async ask<S extends z.ZodType>(service: string, pattern: string, call: object, schema: S): Promise<Answer<z.infer<S>>> {
    try {
      return {
        ok: true,
        value: schema.parse(await firstValueFrom(this.client.send(pattern, call).pipe(timeout(this.timeoutMs)))),
      };
    } catch (error) {
      this.logger.warn(`${pattern}: ${(error as Error).message}`);
      const silent = error instanceof TimeoutError;
      const what = silent ? `did not answer within ${this.timeoutMs / 1000} s` : 'could not answer; its log says why';
      return {
        ok: false,
        problem: {
          severity: 'warning',
          reason: silent ? 'NoAnswer' : 'CallFailed',
          message: `${service} ${what}`,
          cure: `See whether ${service} and Redis run, then ask again.`,
        },
      };
    }
  }
}

type Answer<T> = { ok: true; value: T } | { ok: false; problem: Finding };

/** @throws UnavailableProblem if there was no answer */
function given<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { reason, message, cure = '' } = answer.problem;
  throw new UnavailableProblem(reason, message, cure, RETRY_AFTER_SECONDS);
}
