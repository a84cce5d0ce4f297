import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';

/** Which shop: several may be on one cluster, in namespaces of their own. */
export interface ShopOptions {
  /** Its second namespace is this one with `-tools`; its objects of the cluster begin with this name. */
  namespace: string;
}

/** The same of two shops when they hold the same data. */
export interface ShopFingerprint {
  /** `table|rows|digest of all rows`, one line for each table. */
  database: string[];
  /** One line for each entry of the volume of files, see `shop/list-files.mjs`. */
  files: string[];
}

const SHOP = join(import.meta.dirname, 'shop');
const TIMEOUT = '--timeout=120s';

export function shopNamespaces({ namespace }: ShopOptions): string[] {
  return [namespace, `${namespace}-tools`];
}

/** @returns the manifests of a shop, as YAML. */
export function shopManifests({ namespace }: ShopOptions): string {
  const files = readdirSync(SHOP).filter((name) => name.endsWith('.yaml'));
  return files
    .sort()
    .map((name) => readFileSync(join(SHOP, name), 'utf8').replace(/\bshop\b/g, namespace))
    .join('---\n');
}

/** Creates the shop, without data, and waits until all of its pods are ready. */
export async function deployShop(kubectl: Kubectl, options: ShopOptions): Promise<void> {
  await kubectl(['apply', '--filename=-'], shopManifests(options));
  await shopReady(kubectl, options);
}

/** Waits until all pods of the shop are ready; throws with what is not. */
export async function shopReady(kubectl: Kubectl, options: ShopOptions): Promise<void> {
  const [shop, tools] = shopNamespaces(options);
  const rollout = (namespace: string, workload: string) =>
    kubectl(['rollout', 'status', workload, `--namespace=${namespace}`, TIMEOUT]);
  await Promise.all([rollout(shop!, 'statefulset/db'), rollout(shop!, 'deployment/web'), rollout(tools!, 'deployment/watcher')]);
}

/** Writes some thousand rows into the database and about 100 MB of unusual files into the volume. */
export async function fillShop(kubectl: Kubectl, options: ShopOptions): Promise<void> {
  await Promise.all([runSql(kubectl, options, 'orders.sql'), runInWeb(kubectl, options, 'write-files.mjs')]);
}

/** Reads all data of the shop, in its pods. */
export async function fingerprintShop(kubectl: Kubectl, options: ShopOptions): Promise<ShopFingerprint> {
  const [database, files] = await Promise.all([
    runSql(kubectl, options, 'fingerprint.sql'),
    runInWeb(kubectl, options, 'list-files.mjs'),
  ]);
  return { database: lines(database), files: lines(files) };
}

/** Removes the shop with its data; nothing is done where it is not. */
export async function removeShop(kubectl: Kubectl, options: ShopOptions): Promise<void> {
  const gone = ['--ignore-not-found', '--wait', TIMEOUT];
  const named = (names: string[]) => names.map((name) => `${options.namespace}-${name}`);
  await kubectl(['delete', 'namespace', ...shopNamespaces(options), ...gone]);
  await kubectl(['delete', 'clusterrolebinding', ...named(['web-sees-nodes']), ...gone]);
  await kubectl(['delete', 'clusterrole', ...named(['see-nodes']), ...gone]);
  // The volumes go after their claims: what is left of them is nobody's when the namespace is made again.
  for (const name of await volumesOf(kubectl, options))
    await kubectl(['wait', '--for=delete', `pv/${name}`, TIMEOUT]).catch(ignoreGone);
}

async function volumesOf(kubectl: Kubectl, options: ShopOptions): Promise<string[]> {
  const { items } = JSON.parse(await kubectl(['get', 'persistentvolumes', '--output=json'])) as {
    items: { metadata: { name: string }; spec: { claimRef?: { namespace?: string } } }[];
  };
  const ours = shopNamespaces(options);
  return items.filter(({ spec }) => ours.includes(spec.claimRef?.namespace ?? '')).map(({ metadata }) => metadata.name);
}

function ignoreGone(error: Error): void {
  if (!/not ?found/i.test(error.message)) throw error;
}

function runSql(kubectl: Kubectl, { namespace }: ShopOptions, script: string): Promise<string> {
  const psql = [
    'psql',
    '--username=postgres',
    '--dbname=orders',
    '--quiet',
    '--no-align',
    '--tuples-only',
    '--set=ON_ERROR_STOP=1',
  ];
  return kubectl(
    ['exec', '--stdin', `--namespace=${namespace}`, 'db-0', '--', ...psql],
    readFileSync(join(SHOP, script), 'utf8'),
  );
}

function runInWeb(kubectl: Kubectl, { namespace }: ShopOptions, script: string): Promise<string> {
  const node = ['node', '--input-type=module', '-'];
  return kubectl(
    ['exec', '--stdin', `--namespace=${namespace}`, 'deployment/web', '--', ...node],
    readFileSync(join(SHOP, script), 'utf8'),
  );
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
