import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { createClient } from '../create-client.ts';

/** Makes the bucket of a configuration, which the product itself never does. */
export async function makeBucket(config: ObjectStoreConfig): Promise<void> {
  const client = createClient(config, { connectTimeoutMs: 5_000, idleTimeoutMs: 10_000 });
  try {
    await client.send(new CreateBucketCommand({ Bucket: config.bucket }));
  } finally {
    client.destroy();
  }
}
