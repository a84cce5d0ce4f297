import { randomUUID } from 'node:crypto';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { afterAll } from '@jest/globals';
import { assumeRole } from '../../../tools/testing/s3/assume-role.ts';
import { resolveLocally } from '../../../tools/testing/s3/resolve-locally.ts';
import { startMinio, type TestMinio } from '../../../tools/testing/s3/start-minio.ts';
import { startRclone } from '../../../tools/testing/s3/start-rclone.ts';
import { need } from '../../../tools/testing/test-database.ts';
import { makeBucket } from './testing/make-bucket.ts';
import { describeStoreConformance } from './testing/store-conformance.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

type Place = Omit<ObjectStoreConfig, 'bucket' | 'prefix' | 'forcePathStyle'> & { forcePathStyle?: boolean };

/** @returns a bucket of its own at this place */
async function bucketAt(place: Place): Promise<ObjectStoreConfig> {
  const config = ObjectStoreConfig.parse({
    ...place,
    bucket: `godwit-test-${randomUUID().slice(0, 8)}`,
    prefix: 'team/archives',
  });
  await makeBucket(config);
  return config;
}

describeStoreConformance(
  'versitygw',
  { conditionalWrites: true, checksums: true, uploadsByPrefix: true, sessionTokens: true, regions: true },
  () =>
    bucketAt({
      endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
      region: need('GODWIT_TEST_S3_REGION'),
      accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
      secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
    }),
);

describeStoreConformance(
  'rclone',
  { conditionalWrites: true, checksums: true, uploadsByPrefix: true, sessionTokens: false, regions: false },
  async () => {
    const { endpoint, region, accessKeyId, secretAccessKey, stop } = await startRclone();
    closing.push(stop);
    return bucketAt({ endpoint, region, accessKeyId, secretAccessKey });
  },
);

const minio = { conditionalWrites: true, checksums: true, uploadsByPrefix: false, sessionTokens: true, regions: false };
let server: TestMinio | undefined;
async function ensureMinio(): Promise<TestMinio> {
  if (!server) {
    server = await startMinio();
    closing.push(server.stop);
  }
  return server;
}

describeStoreConformance('MinIO, by TLS with an authority of its own', minio, async () => {
  const { endpoint, region, accessKeyId, secretAccessKey, caBundle } = await ensureMinio();
  return bucketAt({ endpoint, region, accessKeyId, secretAccessKey, caBundle });
});

describeStoreConformance('MinIO, by virtual-hosted addresses and temporary credentials', minio, async () => {
  const { domain, port, region, caBundle } = await ensureMinio();
  closing.push(resolveLocally(domain));
  const place = { endpoint: `https://${domain}:${port}`, region, caBundle, ...(await assumeRole(server!)) };
  return bucketAt({ ...place, forcePathStyle: false });
});
