import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient, ListOptions } from './kube-client.ts';
import { KubeRequestError } from './kube-error.ts';
import type { ResourceType } from './resource-type.ts';

/** All objects of a kind at once; for kinds of which there are few, else see {@link KubeClient.list}. */
export function listAll<T extends KubernetesObject>(client: KubeClient, type: ResourceType, options: ListOptions): Promise<T[]> {
  return Array.fromAsync(client.list<T>(type, options));
}

/** As {@link listAll}, of a kind that a cluster need not have: none where it is not served. */
export async function listIfServed<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  options: ListOptions,
): Promise<T[]> {
  try {
    return await listAll<T>(client, type, options);
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 404) return [];
    throw error;
  }
}
