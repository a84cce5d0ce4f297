import type { ObjectStoreView } from '@godwit/contracts/api';
import type { RegisteredObjectStore } from '@godwit/db/object-store-store';

export function toObjectStoreView(store: RegisteredObjectStore): ObjectStoreView {
  const { createdAt, updatedAt, ...view } = store;
  return { ...view, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
