import type { ClusterView } from '@godwit/contracts/api';
import type { RegisteredCluster } from '@godwit/db/cluster-store';

export function toClusterView({ id, name, server, createdAt, updatedAt }: RegisteredCluster): ClusterView {
  return { id, name, server, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
