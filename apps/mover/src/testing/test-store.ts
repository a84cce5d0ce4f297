import { randomUUID } from 'node:crypto';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { need } from '../../../../tools/testing/test-database.ts';

/** The S3 server that the integration tests start, and a prefix of its own. */
export function testStore(): ObjectStoreConfig {
  return ObjectStoreConfig.parse({
    endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
    region: need('GODWIT_TEST_S3_REGION'),
    accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
    secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
    bucket: need('GODWIT_TEST_S3_BUCKET'),
    prefix: `mover-test/${randomUUID()}`,
  });
}
