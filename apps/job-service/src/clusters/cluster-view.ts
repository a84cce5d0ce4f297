import type { ClusterView } from '@godwit/contracts/api';
import type { RegisteredCluster } from '@godwit/db/cluster-store';

export function toClusterView({
  id,
  name,
  server,
  preferredStorage,
  version,
  createdAt,
  updatedAt,
}: RegisteredCluster): ClusterView {
  const preferences = preferredStorage ? { storage: preferredStorage } : {};
  return { id, name, server, preferences, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
