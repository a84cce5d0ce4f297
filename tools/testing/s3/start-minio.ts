import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureGoProgram, type GoProgram } from '../../infra/go-program.ts';
import { freePort } from '../../infra/ports.ts';
import { randomWord } from '../../infra/secrets.ts';
import { makeCertificates } from './make-certificates.ts';
import { startS3Program, type TestS3Server, tellOnStderr } from './test-s3-server.ts';

export const MINIO: GoProgram = { module: 'github.com/minio/minio', version: 'v0.0.0-20260212201848-7aac2a2c5b7c' };
/** Buckets are also hosts below this name. It is one for tests (RFC 6761), which no DNS knows. */
const DOMAIN = 'store.test';

export interface TestMinio extends TestS3Server {
  /** Of the authority that signed its certificate, PEM. */
  caBundle: string;
  /** Its name, for virtual-hosted addresses; `endpoint` has its IP address. */
  domain: string;
  port: number;
}

/** Starts MinIO with TLS by an authority of its own. The first time it is built (two minutes). */
export async function startMinio(): Promise<TestMinio> {
  const file = await ensureGoProgram(MINIO, 'Install Go 1.26 or newer.', tellOnStderr);
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const [accessKeyId, secretAccessKey] = [randomWord(20), randomWord(40)];
  const directory = mkdtempSync(join(tmpdir(), 'godwit-certificates-'));
  const removeCertificates = () => rmSync(directory, { recursive: true, force: true });
  try {
    const { certificate, key, caBundle } = await makeCertificates(directory, [
      'IP:127.0.0.1',
      `DNS:${DOMAIN}`,
      `DNS:*.${DOMAIN}`,
    ]);
    copyFileSync(certificate, join(directory, 'public.crt'));
    copyFileSync(key, join(directory, 'private.key'));
    const stop = await startS3Program({
      name: 'minio',
      file,
      args: (data) => ['server', '--quiet', '--address', `127.0.0.1:${port}`, '--certs-dir', directory, data],
      env: {
        MINIO_ROOT_USER: accessKeyId,
        MINIO_ROOT_PASSWORD: secretAccessKey,
        MINIO_DOMAIN: DOMAIN,
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
      },
      probe: () => probe(`${endpoint}/minio/health/ready`, caBundle),
    });
    const stopAll = async () => {
      await stop();
      removeCertificates();
    };
    return { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, caBundle, domain: DOMAIN, port, stop: stopAll };
  } catch (error) {
    removeCertificates();
    throw error;
  }
}

function probe(url: string, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false, timeout: 2_000 }, ({ statusCode }) =>
      statusCode === 200 ? resolve() : reject(new Error(`HTTP ${statusCode}`)),
    ).once('error', reject);
  });
}
