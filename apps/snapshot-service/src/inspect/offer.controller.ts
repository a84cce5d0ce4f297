import { CALL_TIMEOUT_MS, CALLS, type InspectClusterCall } from '@godwit/contracts/calls';
import type { OfferedLabels, OfferedNamespaces, OfferedTypes } from '@godwit/contracts/cluster-offer';
import { reportError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { KubeClient } from '@godwit/kube/kube-client';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { observeLabels, observeNamespaces, observeTypes } from './observe-offer.ts';

/** Leaves time for the way back. */
const ASK_TIMEOUT_MS = CALL_TIMEOUT_MS - 5_000;

/** Tells what there is on a cluster to choose from. */
@Controller()
export class OfferController {
  constructor(private readonly clusters: ClusterConnections) {}

  @MessagePattern(CALLS.offerNamespaces)
  namespaces(@Payload() call: InspectClusterCall): Promise<OfferedNamespaces> {
    return this.offer(call, observeNamespaces);
  }

  @MessagePattern(CALLS.offerTypes)
  types(@Payload() call: InspectClusterCall): Promise<OfferedTypes> {
    return this.offer(call, observeTypes);
  }

  @MessagePattern(CALLS.offerLabels)
  labels(@Payload() call: InspectClusterCall): Promise<OfferedLabels> {
    return this.offer(call, observeLabels);
  }

  private async offer<T>(
    { clusterId }: InspectClusterCall,
    observe: (client: KubeClient, signal: AbortSignal) => Promise<T[]>,
  ): Promise<{ items: T[]; problem?: Finding }> {
    try {
      return { items: await observe(await this.clusters.get(clusterId), AbortSignal.timeout(ASK_TIMEOUT_MS)) };
    } catch (error) {
      const { reason, message, cure } = reportError(error);
      return { items: [], problem: { severity: 'error', reason, message, cure } };
    }
  }
}
