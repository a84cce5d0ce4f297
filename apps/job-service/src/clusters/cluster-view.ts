import type { ClusterView } from '@godwit/contracts/api';
import type { CloudClusterType } from '@godwit/contracts/destination';
import type { RegisteredCluster } from '@godwit/db/cluster-store';

export function toClusterView(cluster: RegisteredCluster): ClusterView {
  const { id, name, server, preferredStorage, provider, version, createdAt, updatedAt } = cluster;
  const preferences = preferredStorage ? { storage: preferredStorage } : {};
  const created = provider ? { provider: provider as CloudClusterType } : {};
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { id, name, server, ...created, preferences, version, ...times };
}
