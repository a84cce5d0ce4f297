import type { ClusterView } from '@godwit/contracts/api';
import type { RegisteredCluster } from '@godwit/db/cluster-store';

export function toClusterView({ id, name, server, preferredStorage, createdAt, updatedAt }: RegisteredCluster): ClusterView {
  const preferences = preferredStorage ? { storage: preferredStorage } : {};
  return { id, name, server, preferences, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
