import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { readKubeconfig, runTestbed, type TestbedCluster } from '../../tools/demo/kubectl.ts';

/** A cluster of the test bed, as its admin sees it by kubectl. */
export class TestCluster {
  constructor(readonly name: TestbedCluster) {}

  get kubeconfig(): string {
    return readKubeconfig(this.name);
  }

  kubectl(...args: string[]): Promise<string> {
    return runTestbed(['kubectl', this.name, ...args]);
  }

  async load(archive: string): Promise<void> {
    await runTestbed(['load', this.name, archive]);
  }

  async apply(...objects: object[]): Promise<void> {
    await this.applyWith([], objects);
  }

  /** Leaves it to the API server to judge the objects. */
  async applyUnchecked(...objects: object[]): Promise<void> {
    await this.applyWith(['--validate=false'], objects);
  }

  private async applyWith(options: readonly string[], objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await runTestbed(['kubectl', this.name, 'apply', ...options, '-f', '-'], { input });
  }

  async get<T extends KubernetesObject>(kind: string, namespace: string, name: string): Promise<T> {
    return JSON.parse(await this.kubectl('get', kind, name, '-n', namespace, '-o', 'json'));
  }

  /** `kind/name` of all objects of these kinds, with their namespace. */
  async list(kinds: string, ...args: string[]): Promise<string[]> {
    const { items } = JSON.parse(await this.kubectl('get', kinds, '-o', 'json', ...args)) as { items: KubernetesObject[] };
    return items.map(({ kind, metadata }) => `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`);
  }

  /** Where node ports of this cluster are reached. */
  async nodeAddress(): Promise<string> {
    return this.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}');
  }

  exec(namespace: string, target: string, script: string): Promise<string> {
    return this.kubectl('exec', '-n', namespace, target, '--', 'sh', '-c', script);
  }

  /** Runs a pod of `script` to its end and takes it away. @returns what it wrote */
  async runOnce(pod: { metadata: { namespace: string; name: string } }): Promise<string> {
    const { namespace, name } = pod.metadata;
    await this.apply(pod);
    await this.kubectl('wait', `pod/${name}`, '-n', namespace, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s');
    const output = await this.kubectl('logs', name, '-n', namespace);
    await this.kubectl('delete', 'pod', name, '-n', namespace);
    return output;
  }

  async ready(namespace: string, ...targets: string[]): Promise<void> {
    for (const target of targets) await this.kubectl('rollout', 'status', target, '-n', namespace, '--timeout=120s');
  }

  async deleteNamespaces(...names: string[]): Promise<void> {
    await this.kubectl('delete', 'namespace', '--ignore-not-found', '--wait', '--timeout=120s', ...names);
  }
}
