import type { ClusterView } from '@godwit/contracts/api';
import type { CloudClusterType } from '@godwit/contracts/destination';
import type { RegisteredCluster } from '@godwit/db/cluster-store';

export function toClusterView(cluster: RegisteredCluster): ClusterView {
  const { preferredStorage, provider, createdAt, updatedAt, ...rest } = cluster;
  const preferences = preferredStorage ? { storage: preferredStorage } : {};
  const created = provider ? { provider: provider as CloudClusterType } : {};
  return { ...rest, ...created, preferences, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
