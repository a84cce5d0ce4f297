import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

const run = promisify(execFile);
const MAX_OUTPUT = 64 << 20;
const TESTBED = new URL('../../testbed/testbed', import.meta.url).pathname;
const STATE = process.env.GODWIT_TESTBED_STATE ?? '/var/lib/godwit-testbed';

/** A cluster of the test bed, as its admin sees it by kubectl. */
export class TestCluster {
  constructor(readonly name: 'source' | 'dest') {}

  get kubeconfig(): string {
    return readFileSync(`${STATE}/${this.name}/kubeconfig`, 'utf8');
  }

  async kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run(TESTBED, ['kubectl', this.name, ...args], { maxBuffer: MAX_OUTPUT });
    return stdout;
  }

  async load(archive: string): Promise<void> {
    await run(TESTBED, ['load', this.name, archive]);
  }

  async apply(...objects: object[]): Promise<void> {
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const child = run(TESTBED, ['kubectl', this.name, 'apply', '-f', '-'], { maxBuffer: MAX_OUTPUT });
    child.child.stdin?.end(manifest);
    await child;
  }

  async get<T extends KubernetesObject>(kind: string, namespace: string, name: string): Promise<T> {
    return JSON.parse(await this.kubectl('get', kind, name, '-n', namespace, '-o', 'json'));
  }

  /** `kind/name` of all objects of these kinds, with their namespace. */
  async list(kinds: string, ...args: string[]): Promise<string[]> {
    const { items } = JSON.parse(await this.kubectl('get', kinds, '-o', 'json', ...args)) as { items: KubernetesObject[] };
    return items.map(({ kind, metadata }) => `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`);
  }

  exec(namespace: string, target: string, script: string): Promise<string> {
    return this.kubectl('exec', '-n', namespace, target, '--', 'sh', '-c', script);
  }

  async ready(namespace: string, ...targets: string[]): Promise<void> {
    for (const target of targets) await this.kubectl('rollout', 'status', target, '-n', namespace, '--timeout=120s');
  }

  async deleteNamespaces(...names: string[]): Promise<void> {
    await this.kubectl('delete', 'namespace', '--ignore-not-found', '--wait', '--timeout=120s', ...names);
  }
}

/** Kinds of which a run makes temporary objects. */
const TEMPORARY = 'pods,secrets,persistentvolumeclaims,volumesnapshots';
const TEMPORARY_OF_CLUSTER = 'volumesnapshotcontents';

/** What of a run is still in a cluster and should not be. */
export async function leftovers(cluster: TestCluster, runId: string): Promise<string[]> {
  const ours = await cluster.list(TEMPORARY, '-n', 'godwit-system', '-l', `godwit.io/run=${runId}`);
  const snapshots = await cluster.list(`volumesnapshots,${TEMPORARY_OF_CLUSTER}`, '-A', '-l', `godwit.io/run=${runId}`);
  const { items } = JSON.parse(await cluster.kubectl('get', 'persistentvolumes', '-o', 'json')) as {
    items: (KubernetesObject & { status: { phase: string }; spec: { claimRef?: { namespace: string } } })[];
  };
  const volumes = items
    .filter(
      ({ spec, status, metadata }) =>
        spec.claimRef?.namespace === 'godwit-system' ||
        (metadata.labels?.['godwit.io/run'] === runId && status.phase !== 'Bound'),
    )
    .map(({ metadata, status }) => `PersistentVolume ${metadata.name} (${status.phase})`);
  return [...ours, ...snapshots, ...volumes];
}
