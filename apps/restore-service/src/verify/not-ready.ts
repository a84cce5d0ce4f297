import type { Finding } from '@godwit/contracts/findings';
import { describeObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { explainUnmet } from './explain-unmet.ts';
import type { Unmet } from './wait-ready.ts';

/** What is told of an object that has not become ready in time, with what the cluster says of it. */
export async function notReadyFinding(
  client: KubeClient,
  unmet: Unmet,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Finding> {
  const { kind, namespace, name, severity } = unmet.expected;
  const why = await explainUnmet(client, unmet, signal);
  return {
    severity,
    reason: 'NotReady',
    object: describeObject({ kind, metadata: { name, ...(namespace ? { namespace } : {}) } }),
    cluster: client.clusterName,
    message: `is not ready after ${Math.round(timeoutMs / 1000)} s: ${why}`,
  };
}
