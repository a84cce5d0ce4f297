import { ensureGoProgram, type GoProgram } from '../../infra/go-program.ts';
import { freePort } from '../../infra/ports.ts';
import { randomWord } from '../../infra/secrets.ts';
import { startS3Program, type TestS3Server, tellOnStderr } from './test-s3-server.ts';

const RCLONE: GoProgram = { module: 'github.com/rclone/rclone', version: 'v1.76.0' };

/** Starts `rclone serve s3` on a directory. The first time it is built (three minutes). */
export async function startRclone(): Promise<TestS3Server> {
  const file = await ensureGoProgram(RCLONE, 'Install Go 1.26 or newer.', tellOnStderr);
  const address = `127.0.0.1:${await freePort()}`;
  const endpoint = `http://${address}`;
  const [accessKeyId, secretAccessKey] = [randomWord(20), randomWord(40)];
  const stop = await startS3Program({
    name: 'rclone',
    file,
    args: (directory) => ['serve', 's3', '--config', '/dev/null', '--addr', address, directory],
    env: { RCLONE_AUTH_KEY: `"${accessKeyId},${secretAccessKey}"` },
    probe: () => fetch(endpoint, { signal: AbortSignal.timeout(2_000) }),
  });
  return { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, stop };
}
