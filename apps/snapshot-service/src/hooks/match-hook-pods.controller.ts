import { CALL_TIMEOUT_MS, CALLS, type HookPods, type MatchHookPodsCall } from '@godwit/contracts/calls';
import { reportError } from '@godwit/contracts/errors';
import { listAll } from '@godwit/kube/list-all';
import { NAMESPACE } from '@godwit/kube/resource-type';
import { selectNamespaces } from '@godwit/selection/select-namespaces';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { observeHookPods } from '@godwit/step-kit/hooks/observe-hook-pods';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** Leaves time for the way back. */
const ASK_TIMEOUT_MS = CALL_TIMEOUT_MS - 5_000;

/** Tells in which pods a hook would run, without running it. */
@Controller()
export class MatchHookPodsController {
  constructor(private readonly clusters: ClusterConnections) {}

  @MessagePattern(CALLS.matchHookPods)
  async match(@Payload() { clusterId, namespaces, ...hook }: MatchHookPodsCall): Promise<HookPods> {
    try {
      const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
      const client = await this.clusters.get(clusterId);
      const names = (await listAll(client, NAMESPACE, { signal })).map(({ metadata }) => metadata.name);
      const scope = namespaces.length > 0 ? 'Namespaces' : 'FullCluster';
      const { selected } = selectNamespaces({ scope, namespaces, excludeNamespaces: [] }, names);
      return { pods: await observeHookPods(client, hook, selected, signal) };
    } catch (error) {
      const { reason, message, cure } = reportError(error);
      return { pods: [], problem: { severity: 'error', reason, message, cure } };
    }
  }
}
