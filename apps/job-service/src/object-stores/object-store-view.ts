import type { ObjectStoreView } from '@godwit/contracts/api';
import type { RegisteredObjectStore } from '@godwit/db/object-store-store';

export function toObjectStoreView(store: RegisteredObjectStore): ObjectStoreView {
  const { id, name, endpoint, region, bucket, prefix, version, createdAt, updatedAt } = store;
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { id, name, endpoint, region, bucket, prefix, version, ...times };
}
