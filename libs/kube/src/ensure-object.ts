import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from './kube-client.ts';
import { KubeRequestError } from './kube-error.ts';
import type { ResourceType } from './resource-type.ts';

/** Creates an object of ours unless it is there. An existing one is left as it is. */
export async function ensureObject<T extends KubernetesObject>(
  client: KubeClient,
  type: ResourceType,
  manifest: KubernetesObject,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await client.create<T>(type, manifest, signal);
  } catch (error) {
    if (!KubeRequestError.is(error, 'AlreadyExists')) throw error;
    return client.get<T>(type, manifest.metadata.namespace, manifest.metadata.name, signal);
  }
}
