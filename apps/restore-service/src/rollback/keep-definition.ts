import { describeObject } from '@godwit/contracts/kubernetes-object';
import { listMetadata } from '@godwit/kube/list-metadata';
import { nameSome } from '../apply/story.ts';
import type { RollbackContext } from './rollback-context.ts';

/** So many custom resources tell why their definition stays. */
const NAMED = 20;

/**
 * Why a CustomResourceDefinition that the run created stays: with it would go every custom resource of its kind.
 *
 * @param name `widgets.example.com`
 */
export async function keepDefinition({ client, discovery, signal }: RollbackContext, name: string): Promise<string | undefined> {
  const [plural, ...group] = name.split('.');
  const type = discovery.preferred.find((served) => served.plural === plural && served.group === group.join('.'));
  if (!type) return undefined;
  const left: string[] = [];
  for await (const { metadata } of listMetadata(client, type, { signal })) {
    if (metadata.deletionTimestamp) continue;
    left.push(describeObject({ kind: type.kind, metadata }));
    if (left.length > NAMED) break;
  }
  return left.length > 0 ? `there are custom resources of it which the run did not create: ${nameSome(left)}` : undefined;
}
