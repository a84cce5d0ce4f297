import { CALL_TIMEOUT_MS, CALLS, type ClusterStatus, type InspectClusterCall } from '@godwit/contracts/calls';
import type { SourceNodes } from '@godwit/contracts/destination-suggestion';
import { reportError } from '@godwit/contracts/errors';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { observeCluster } from './cluster-status.ts';
import { observeSourceNodes } from './source-nodes.ts';

/** Leaves time for the way back. */
const ASK_TIMEOUT_MS = CALL_TIMEOUT_MS - 5_000;

@Controller()
export class InspectClusterController {
  constructor(private readonly clusters: ClusterConnections) {}

  @MessagePattern(CALLS.inspectCluster)
  async inspect(@Payload() call: InspectClusterCall): Promise<ClusterStatus> {
    try {
      return await observeCluster(await this.clusters.get(call.clusterId), AbortSignal.timeout(ASK_TIMEOUT_MS));
    } catch (error) {
      const { reason, message, cure } = reportError(error);
      return { state: 'Refused', problem: { severity: 'error', reason, message, cure } };
    }
  }

  @MessagePattern(CALLS.listSourceNodes)
  async nodes(@Payload() call: InspectClusterCall): Promise<SourceNodes> {
    try {
      return await observeSourceNodes(await this.clusters.get(call.clusterId), AbortSignal.timeout(ASK_TIMEOUT_MS));
    } catch (error) {
      const { reason, message, cure } = reportError(error);
      return { nodes: [], problem: { severity: 'warning', reason, message, cure } };
    }
  }
}
