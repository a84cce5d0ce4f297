import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStoreAccess } from '../infra/object-store.ts';

/** @returns the keys of all objects in the bucket. */
export async function listBucket({ endpoint, region, bucket, ...credentials }: ObjectStoreAccess): Promise<string[]> {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  try {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
      keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      token = page.NextContinuationToken;
    } while (token);
    return keys;
  } finally {
    client.destroy();
  }
}
