import { createHash } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** An object store that is itself the application, as its users reach it. */
export class ObjectStoreUser {
  private readonly client: S3Client;

  constructor(
    endpoint: string,
    credentials: { accessKeyId: string; secretAccessKey: string },
    private readonly bucket: string,
  ) {
    // A node hears a moment later than we do that a pod is ready, and sends nothing to it until then.
    const patience = { maxAttempts: 10 };
    this.client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, ...patience });
  }

  async createBucket(): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: this.bucket }));
  }

  async put(key: string, body: Buffer): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, Metadata: { writer: 'e2e' } }));
  }

  /** Reads every object whole. @returns key -> SHA-256 of what it holds, with its metadata */
  async content(): Promise<Record<string, string>> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    const read = Contents.map(async ({ Key = '' }) => {
      const { Body, Metadata } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      const digest = createHash('sha256').update((await Body?.transformToByteArray()) ?? '');
      return [Key, `${digest.digest('hex')} ${JSON.stringify(Metadata)}`] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }

  close(): void {
    this.client.destroy();
  }
}
