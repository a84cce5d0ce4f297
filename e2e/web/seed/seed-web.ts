import { join } from 'node:path';
import pg from 'pg';
import { repository } from '../../../tools/infra/home.ts';
import type { Infrastructure } from '../../../tools/infra/start-infrastructure.ts';
import { runCommand } from '../../../tools/processes/run-command.ts';
import { Caller } from './caller.ts';
import { seedAws } from './seed-aws.ts';
import { seedRunStates } from './seed-run-states.ts';
import { FEW, MANY, seedRuns } from './seed-runs.ts';

/**
 * Keys of administrators: of an organisation with some of everything, of one with nothing, of one with very much, of one to change, of
 * one with cloud accounts and a large cluster, and of one with runs in all states; and of one who may only look at the last.
 */
export interface WebKeys {
  main: string;
  empty: string;
  large: string;
  manage: string;
  clouds: string;
  states: string;
  viewer: string;
}

/** How many runs the large organisation has. */
export const MANY_RUNS = 5_000;

/** Fills a new installation with what the tests of the web app look at. `around` is where a large cluster answers, and accounts of other clouds than AWS. */
export async function seedWeb(
  url: string,
  { databaseUrl, s3 }: Infrastructure,
  around: { accounts: Record<string, object>; largeCluster: string },
): Promise<WebKeys> {
  const keyOf = async (organisation: string, role = 'admin') => {
    const program = join(repository, 'apps/job-service/dist/create-api-key.js');
    const args = [program, '--name', `tests as ${role}`, '--organisation', organisation, '--role', role];
    return (await runCommand(process.execPath, args, { env: { ...process.env, DATABASE_URL: databaseUrl } })).trim();
  };
  const organisations = ['default', 'empty', 'large', 'manage', 'clouds', 'states'];
  const [main, empty, large, manage, clouds, states] = await Promise.all(organisations.map((name) => keyOf(name)));
  const viewer = await keyOf('states', 'viewer');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [key, finishedRuns, details] of [
      [main!, 3, FEW],
      [large!, MANY_RUNS, MANY],
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
        copy: { storage: { type: 'ObjectStore', objectStoreId: store.id } },
      };
      const migration = await caller.post('/migrations', definition);
      const yearly = { name: 'each new year', migrationId: migration.id, schedule: '0 3 1 1 *', timeZone: 'Europe/Berlin' };
      await caller.post('/schedules', yearly);
      const run = await caller.post(`/migrations/${migration.id}/runs`, {});
      await seedRuns(client, run.id, finishedRuns, details);
    }
    const caller = new Caller(url, states!);
    await seedRunStates(client, caller, (await caller.post('/object-stores', { name: 'archive', ...s3 })).id);
  } finally {
    await client.end();
  }
  const caller = new Caller(url, clouds!);
  await caller.post('/clusters', { name: 'east', kubeconfig: kubeconfigOf('east', around.largeCluster) });
  await caller.post('/clusters', { name: 'west', kubeconfig: kubeconfigOf('west') });
  await caller.post('/object-stores', { name: 'archive', ...s3 });
  await seedAws(caller);
  for (const [name, credentials] of Object.entries(around.accounts)) await caller.post('/cloud-accounts', { name, credentials });
  return { main: main!, empty: empty!, large: large!, manage: manage!, clouds: clouds!, states: states!, viewer };
}

/** @param server of a cluster; not given: one where nothing listens */
export function kubeconfigOf(name: string, server = 'https://127.0.0.1:1'): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
clusters: [{name: ${name}, cluster: {server: "${server}", insecure-skip-tls-verify: ${server !== 'https://127.0.0.1:1'}}}]
users: [{name: ${name}, user: {token: some-token}}]
`;
}
