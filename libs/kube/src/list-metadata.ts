import type { ObjectMeta } from '@godwit/contracts/kubernetes-object';
import type { KubeClient, ListOptions } from './kube-client.ts';
import { type ResourceType, resourcePath } from './resource-type.ts';

/** The metadata of an object, as a list of metadata alone gives it. */
export interface PartialObject {
  metadata: ObjectMeta;
}

const PAGE_SIZE = 1000;
const ACCEPT = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** The metadata of all objects of a kind, a page at a time: what is large in an object (its spec, its data) is not sent. */
export async function* listMetadata(
  client: KubeClient,
  type: ResourceType,
  { namespace, labelSelector, fieldSelector, signal }: ListOptions = {},
): AsyncGenerator<PartialObject> {
  let token: string | undefined;
  do {
    const page = await client.json<{ metadata: { continue?: string }; items: PartialObject[] | null }>(
      resourcePath(type, namespace),
      {
        query: { limit: PAGE_SIZE, continue: token, labelSelector, fieldSelector },
        accept: ACCEPT,
        signal,
        what: 'listing',
        object: `${type.plural}${namespace ? ` in ${namespace}` : ''}`,
      },
    );
    yield* page.items ?? []; // of custom resources, null stands for none
    token = page.metadata.continue || undefined;
  } while (token);
}
