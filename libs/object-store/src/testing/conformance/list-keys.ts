import type { ObjectStore, StoredObject } from '../../object-store.ts';

export async function listObjects(store: ObjectStore, prefix: string, startAfter?: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of store.list(prefix, { startAfter })) objects.push(object);
  return objects;
}

export async function listKeys(store: ObjectStore, prefix: string, startAfter?: string): Promise<string[]> {
  return (await listObjects(store, prefix, startAfter)).map(({ key }) => key);
}

/** The order of S3: that of the bytes of UTF-8, which is not that of strings in JavaScript. */
export function inByteOrder(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
