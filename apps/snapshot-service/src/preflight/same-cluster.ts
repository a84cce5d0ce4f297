import type { Finding } from '@godwit/contracts/findings';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { NAMESPACE } from '@godwit/kube/resource-type';

/** Two registrations may lead to one cluster: the UID of kube-system tells, where it may be read. */
export async function findSameCluster(source: KubeClient, destination: KubeClient, signal: AbortSignal): Promise<Finding[]> {
  const [one, other] = await Promise.all([source, destination].map((client) => identityOf(client, signal)));
  if (one === undefined || one !== other) return [];
  return [
    {
      severity: 'error',
      reason: 'SameCluster',
      message: `"${source.clusterName}" and "${destination.clusterName}" are the same cluster`,
      cure: 'Choose another destination.',
    },
  ];
}

async function identityOf(client: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await client.find(NAMESPACE, undefined, 'kube-system', signal))?.metadata.uid;
  } catch (error) {
    // That our user may not read it is told with its other missing permissions.
    if (error instanceof KubeRequestError && error.status === 403) return undefined;
    throw error;
  }
}
