import { join } from 'node:path';
import { ensurePeerBinary } from './peer-binary.ts';
import { BUCKET, CREDENTIALS, type Tool, type Workspace } from './tool.ts';

export const REMOTE = `store:${BUCKET}`;

/** rclone with its defaults (4 transfers), and told to keep links, owners and modes as the others do. */
export async function openRclone(): Promise<Tool> {
  const { path, version } = await ensurePeerBinary('rclone');
  return {
    name: 'rclone',
    description: `rclone ${version}, \`rclone copy --links --metadata\`, else its defaults (4 transfers)`,
    open(workspace) {
      const env = rcloneEnvironment(workspace);
      const log = join(workspace.directory, 'rclone.log');
      const copy = (from: string, to: string) => [{ args: [path, 'copy', '--links', '--metadata', from, to], env, log }];
      const up = (source: string) => copy(source, `${REMOTE}/data`);
      const down = (target: string) => copy(`${REMOTE}/data`, target);
      return { up, down, upChanged: up, downChanged: down };
    },
  };
}

export function rcloneEnvironment({ directory, endpoint }: Workspace): Record<string, string> {
  return {
    RCLONE_CONFIG: join(directory, 'rclone.conf'),
    RCLONE_CONFIG_STORE_TYPE: 's3',
    RCLONE_CONFIG_STORE_PROVIDER: 'Minio',
    // The store's ETags are no MD5s, as those of some servers and of encrypted buckets.
    RCLONE_CONFIG_STORE_USE_MULTIPART_ETAG: 'false',
    RCLONE_CONFIG_STORE_ENDPOINT: endpoint,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    TMPDIR: directory,
  };
}
