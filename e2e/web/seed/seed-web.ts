import { join } from 'node:path';
import pg from 'pg';
import { repository } from '../../../tools/infra/home.ts';
import type { Infrastructure } from '../../../tools/infra/start-infrastructure.ts';
import { runCommand } from '../../../tools/processes/run-command.ts';
import { Caller } from './caller.ts';
import { seedRuns } from './seed-runs.ts';

/** Keys of administrators: of an organisation with some of everything, of one with nothing, and of one with very much. */
export interface WebKeys {
  main: string;
  empty: string;
  large: string;
}

/** How many runs the large organisation has. */
export const MANY_RUNS = 5_000;

/** Fills a new installation with what the tests of the web app look at. */
export async function seedWeb(url: string, { databaseUrl, s3 }: Infrastructure): Promise<WebKeys> {
  const keyOf = async (organisation: string) => {
    const program = join(repository, 'apps/job-service/dist/create-api-key.js');
    const args = [program, '--name', 'tests', '--organisation', organisation];
    return (await runCommand(process.execPath, args, { env: { ...process.env, DATABASE_URL: databaseUrl } })).trim();
  };
  const [main, empty, large] = await Promise.all([keyOf('default'), keyOf('empty'), keyOf('large')]);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [key, finishedRuns] of [
      [main, 3],
      [large, MANY_RUNS],
    ] as const) {
      const caller = new Caller(url, key);
      const [source, destination] = await Promise.all(
        ['east', 'west'].map((name) => caller.post('/clusters', { name, kubeconfig: kubeconfigOf(name) })),
      );
      const store = await caller.post('/object-stores', { name: 'archive', ...s3 });
      const definition = {
        name: 'shop to west',
        sourceClusterId: source!.id,
        destination: { type: 'Registered', clusterId: destination!.id },
        selection: { scope: 'Namespaces', namespaces: ['shop'] },
        copy: { objectStoreId: store.id },
      };
      const migration = await caller.post('/migrations', definition);
      await seedRuns(client, {
        migrationId: migration.id,
        sourceClusterId: source!.id,
        destinationClusterId: destination!.id,
        objectStoreId: store.id,
        count: finishedRuns,
      });
    }
  } finally {
    await client.end();
  }
  return { main, empty, large };
}

/** Of a cluster where nothing listens. */
export function kubeconfigOf(name: string): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
clusters: [{name: ${name}, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: ${name}, user: {token: some-token}}]
`;
}
