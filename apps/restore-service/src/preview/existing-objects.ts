import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { NAMESPACE, type ResourceType } from '@godwit/kube/resource-type';

/** With more namespaces than this, one list of a kind in the whole cluster is cheaper than one for each. */
const LIST_EACH_UP_TO = 8;
/** Objects come kind by kind, so what was listed long ago is not asked for again. */
const MOST_LISTS = 64;

/**
 * Tells which objects a cluster has. Most of those that a migration brings are not there: the names of a kind are listed once,
 * and only what is there is read.
 */
export class ExistingObjects {
  private readonly lists = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  private constructor(
    private readonly client: KubeClient,
    private readonly namespaces: ReadonlySet<string>,
    private readonly listsWholeKinds: boolean,
    private readonly signal: AbortSignal,
  ) {}

  /** @param targets namespaces in which objects will be looked for */
  static async in(client: KubeClient, targets: readonly string[], signal: AbortSignal): Promise<ExistingObjects> {
    const there = new Set<string>();
    for await (const { metadata } of listMetadata(client, NAMESPACE, { signal })) {
      if (!metadata.deletionTimestamp) there.add(metadata.name);
    }
    const existing = targets.filter((name) => there.has(name));
    return new ExistingObjects(client, there, existing.length > LIST_EACH_UP_TO, signal);
  }

  hasNamespace(name: string): boolean {
    return this.namespaces.has(name);
  }

  /** @returns the object as it is, or undefined if it is not there */
  async find(type: ResourceType, namespace: string | undefined, name: string): Promise<KubernetesObject | undefined> {
    if (type.namespaced && !(namespace && this.hasNamespace(namespace))) return undefined;
    const scope = this.listsWholeKinds ? undefined : namespace;
    const names = await this.namesOf(type, scope);
    if (names && !names.has(keyOf({ namespace, name }))) return undefined;
    return this.client.find(type, namespace, name, this.signal);
  }

  /** @returns undefined if they may not be listed: then each is asked for by itself */
  private namesOf(type: ResourceType, namespace: string | undefined): Promise<ReadonlySet<string> | undefined> {
    const key = `${type.group}/${type.kind}/${namespace ?? ''}`;
    const known = this.lists.get(key);
    if (known) return known;
    const [oldest] = this.lists.keys();
    if (oldest !== undefined && this.lists.size >= MOST_LISTS) this.lists.delete(oldest);
    const names = this.list(type, namespace);
    this.lists.set(key, names);
    return names;
  }

  private async list(type: ResourceType, namespace: string | undefined): Promise<ReadonlySet<string> | undefined> {
    const names = new Set<string>();
    try {
      for await (const { metadata } of listMetadata(this.client, type, { namespace, signal: this.signal })) {
        names.add(keyOf(metadata));
      }
      return names;
    } catch (error) {
      if (error instanceof KubeRequestError && (error.status === 403 || error.status === 405)) return undefined;
      throw error;
    }
  }
}

function keyOf({ namespace, name }: { namespace?: string | undefined; name: string }): string {
  return `${namespace ?? ''}/${name}`;
}
