import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStoreAccess } from '../infra/object-store.ts';

export interface BucketObject {
  key: string;
  /** When it was written last. */
  writtenAt: Date | undefined;
}

/** @returns the keys of all objects in the bucket. */
export async function listBucket(access: ObjectStoreAccess): Promise<string[]> {
  return (await listBucketObjects(access)).map(({ key }) => key);
}

export async function listBucketObjects({
  endpoint,
  region,
  bucket,
  ...credentials
}: ObjectStoreAccess): Promise<BucketObject[]> {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  try {
    const objects: BucketObject[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
      objects.push(...(page.Contents ?? []).map(({ Key = '', LastModified }) => ({ key: Key, writtenAt: LastModified })));
      token = page.NextContinuationToken;
    } while (token);
    return objects;
  } finally {
    client.destroy();
  }
}
