import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type OwnedCommand, startOwned, waitUntilReady } from '../processes/owned-process.ts';
import { reclaim } from '../processes/process-record.ts';
import { type Supervised, supervise } from '../processes/supervisor.ts';
import { ensureDirectory } from './home.ts';
import { assertPortFree } from './ports.ts';
import { ensureSecretFile, randomWord } from './secrets.ts';
import { ensureVersitygwBinary } from './versitygw-binary.ts';

export interface ObjectStoreAccess {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
  region: string;
}

export interface ObjectStoreOptions {
  home: string;
  port: number;
  /** 127.0.0.1 is not reached by the pods of a cluster; the address of a bridge they route to, or 0.0.0.0, is. */
  bindAddress: string;
  /** Gets a line when the server is built, and when it ended and is started again. */
  onEvent: (line: string) => void;
}

export interface ObjectStore {
  server: Supervised;
  access: ObjectStoreAccess;
}

const REGION = 'us-east-1';
const BUCKET = 'godwit';

/** Starts an S3 server with its objects as files in `home/s3`, and makes the bucket `godwit`. */
export async function startObjectStore({ home, port, bindAddress, onEvent }: ObjectStoreOptions): Promise<ObjectStore> {
  await reclaim(join(home, 'run/s3.json'), 'SIGTERM');
  const cure = 'Set GODWIT_S3_PORT or GODWIT_S3_BIND_ADDRESS, or GODWIT_S3_ENDPOINT to an object store of your own.';
  await assertPortFree({ what: 'The S3 server', host: bindAddress, port, cure });

  const binary = await ensureVersitygwBinary(onEvent);
  const access = { endpoint: endpointOf(bindAddress, port), ...ensureCredentials(home), bucket: BUCKET, region: REGION };
  const data = ensureDirectory(join(home, 's3/data'), 0o700);
  const start = async (storage: readonly string[]) => {
    const command: OwnedCommand = {
      name: 's3',
      home,
      file: binary,
      args: ['--port', `${bindAddress}:${port}`, '--region', REGION, '--quiet', 'posix', ...storage, data],
      env: { ...process.env, ROOT_ACCESS_KEY: access.accessKeyId, ROOT_SECRET_KEY: access.secretAccessKey },
    };
    const server = await startOwned(command);
    await waitUntilReady(server, () => fetch(access.endpoint, { signal: AbortSignal.timeout(2_000) }));
    return supervise(command, onEvent, server);
  };
  const server = await start([]).catch((error: Error) => {
    // It keeps its metadata in extended attributes, which not every file system has (an older kernel's tmpfs).
    if (!/xattr|extended attributes/i.test(error.message)) throw error;
    return start(['--sidecar', ensureDirectory(join(home, 's3/metadata'), 0o700)]);
  });
  try {
    await ensureBucket(access);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { server, access };
}

function endpointOf(bindAddress: string, port: number): string {
  const host = bindAddress === '0.0.0.0' ? '127.0.0.1' : bindAddress;
  return `http://${host}:${port}`;
}

function ensureCredentials(home: string): Pick<ObjectStoreAccess, 'accessKeyId' | 'secretAccessKey'> {
  const create = () => JSON.stringify({ accessKeyId: `GODWIT${randomWord(14).toUpperCase()}`, secretAccessKey: randomWord(40) });
  return JSON.parse(ensureSecretFile(join(home, 's3-credentials.json'), create));
}

async function ensureBucket({ endpoint, accessKeyId, secretAccessKey, bucket, region }: ObjectStoreAccess): Promise<void> {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes((error as Error).name)) throw error;
  } finally {
    client.destroy();
  }
}
