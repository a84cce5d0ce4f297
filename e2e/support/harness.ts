import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RunView } from '@godwit/contracts/api';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { listBucket } from '../../tools/demo/bucket.ts';
import { findLeftovers } from '../../tools/demo/leftovers.ts';
import { HOST_FOR_PODS } from '../../tools/demo/testbed.ts';
import { repository } from '../../tools/infra/home.ts';
import { type Infrastructure, startInfrastructure } from '../../tools/infra/start-infrastructure.ts';
import { ensureMoverImage } from '../../tools/mover-image/ensure-mover-image.ts';
import { type Stack, startStack } from '../../tools/stack/start-stack.ts';
import { Api } from './api.ts';
import { TestCluster } from './cluster.ts';
import { namespace } from './manifests.ts';

/** A dozen services may start on two cores. */
const START_MS = 180_000;
const LOGS = new URL('../../.godwit/e2e/', import.meta.url).pathname;

export interface HarnessOptions {
  /** Of the test file: its log is `.godwit/e2e/NAME.log`. */
  name: string;
  replicas?: Record<string, number>;
  /** For the services, over what the stack gives them. */
  env?: NodeJS.ProcessEnv;
  /** The bucket is also offered as managed storage: how it is chosen there, and the prefix that the operator gave it. */
  managedStorage?: { provider: string; region: string; prefix: string };
  /**
   * Makes Godwit's namespace in both clusters ahead, as an operator does who gives no leave to make namespaces. No run takes it away,
   * so all that one has left there is seen, and none waits for its end, which takes Kubernetes five seconds.
   */
  givenNamespace?: boolean;
}

/** The whole product against two real clusters: real Postgres, Valkey and S3, the five services as processes. */
export class Harness {
  readonly source = new TestCluster('source');
  readonly dest = new TestCluster('dest');
  readonly api: Api;

  private constructor(
    readonly infrastructure: Infrastructure,
    readonly stack: Stack,
    readonly sourceClusterId: string,
    readonly destinationClusterId: string,
    readonly objectStoreId: string,
    private readonly hasGivenNamespace: boolean,
    key?: string,
  ) {
    this.api = new Api(stack.apiUrl, key);
  }

  static async start({ name, replicas, env, managedStorage, givenNamespace = false }: HarnessOptions): Promise<Harness> {
    mkdirSync(LOGS, { recursive: true });
    const onLine = (source: string, line: string) => appendFileSync(`${LOGS}${name}.log`, `${source}: ${line}\n`);
    const source = new TestCluster('source');
    const dest = new TestCluster('dest');
    const prepared = Promise.all([loadMover([source, dest]), ...(givenNamespace ? [source, dest].map(giveNamespace) : [])]);
    prepared.catch(() => {}); // told below
    const infrastructure = await startInfrastructure({ isolated: true, s3BindAddress: HOST_FOR_PODS });
    let stack: Stack | undefined;
    try {
      const offered = managedStorage && offerManaged(infrastructure, managedStorage);
      stack = await startStack({
        infrastructure,
        freePorts: true,
        replicas,
        env: { ...offered, ...env },
        onLine,
        timeoutMs: START_MS,
      });
      await prepared;
      const key = env?.GODWIT_AUTHENTICATION === 'required' ? await createApiKey(infrastructure.databaseUrl) : undefined;
      const api = new Api(stack.apiUrl, key);
      const [sourceCluster, destCluster, store] = await Promise.all([
        api.registerCluster('source', source.kubeconfig),
        api.registerCluster('dest', dest.kubeconfig),
        api.registerObjectStore('store', infrastructure.s3),
      ]);
      return new Harness(infrastructure, stack, sourceCluster.id, destCluster.id, store.id, givenNamespace, key);
    } catch (error) {
      await stack?.stop();
      await infrastructure.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await this.infrastructure.stop();
    if (this.hasGivenNamespace) await Promise.all([this.source, this.dest].map(takeNamespace));
  }

  /** A definition with the registered clusters and store. One that fails is cleaned up at once, unless `onFailure` says otherwise. */
  definition(name: string, more: { selection: object; transforms?: object; copy?: object; onFailure?: object }): object {
    return {
      name,
      sourceClusterId: this.sourceClusterId,
      destination: { type: 'Registered', clusterId: this.destinationClusterId },
      selection: more.selection,
      copy: { storage: { type: 'ObjectStore', objectStoreId: this.objectStoreId }, ...more.copy },
      transforms: more.transforms,
      onFailure: more.onFailure ?? { holdMinutes: 0 },
    };
  }

  /** Saves a definition and starts it. */
  async start(definition: object): Promise<string> {
    const migration = await this.api.createMigration(definition);
    const run = await this.api.startRun(migration.id);
    return run.id;
  }

  /** Starts a definition and waits for its success; else the run's story is the error. */
  async migrate(definition: object, timeoutMs?: number): Promise<RunView> {
    const run = await this.api.finished(await this.start(definition), timeoutMs);
    const story = await this.api.story(run.id);
    appendFileSync(`${LOGS}runs.log`, `${story}\n\n`);
    if (run.phase !== 'Succeeded') throw new Error(story);
    return run;
  }

  /** Keys of the archive that are still in the bucket. */
  async storedKeys(runId: string): Promise<string[]> {
    return (await listBucket(this.infrastructure.s3)).filter((key) => key.includes(`runs/${runId}/`));
  }

  /** What of a run is still anywhere and should not be. */
  async leftovers(runId: string): Promise<string[]> {
    const at = (cluster: TestCluster) => findLeftovers((args) => cluster.kubectl(...args), runId);
    const [atSource, atDestination, keys] = await Promise.all([at(this.source), at(this.dest), this.storedKeys(runId)]);
    return [...atSource.map((left) => `source: ${left}`), ...atDestination.map((left) => `dest: ${left}`), ...keys];
  }
}

/** Gives the clusters the mover as it is now. */
async function loadMover(clusters: readonly TestCluster[]): Promise<void> {
  const { archive } = await ensureMoverImage();
  await Promise.all(clusters.map((cluster) => cluster.load(archive)));
}

/** One that is there already, of a test that was killed, serves as well. */
async function giveNamespace(cluster: TestCluster): Promise<void> {
  const phase = ['get', 'namespace', GODWIT_NAMESPACE, '--ignore-not-found', '-o', 'jsonpath={.status.phase}'];
  if ((await cluster.kubectl(...phase)) === 'Terminating')
    await cluster.kubectl('wait', '--for=delete', `namespace/${GODWIT_NAMESPACE}`, '--timeout=60s');
  await cluster.apply(namespace(GODWIT_NAMESPACE));
}

/** Goes on by itself; whoever needs the namespace next waits for its end. */
async function takeNamespace(cluster: TestCluster): Promise<void> {
  await cluster.kubectl('delete', 'namespace', GODWIT_NAMESPACE, '--ignore-not-found', '--wait=false');
}

/** As an operator does it. @returns what the services need to know of it */
function offerManaged({ home, s3 }: Infrastructure, choice: Required<HarnessOptions>['managedStorage']): NodeJS.ProcessEnv {
  const path = `${home}/managed-storage.json`;
  writeFileSync(path, JSON.stringify([{ ...s3, signingRegion: s3.region, ...choice }]), { mode: 0o600 });
  return { GODWIT_MANAGED_STORAGE: path };
}

/** The first key, as an operator makes it. */
async function createApiKey(databaseUrl: string): Promise<string> {
  const program = `${repository}/apps/job-service/dist/create-api-key.js`;
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  return stdout.trim();
}
