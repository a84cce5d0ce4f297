import type { KubernetesObject, OwnerReference } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';

/** An owner as the destination has it. */
interface Owner {
  apiVersion: string;
  namespace?: string;
  name: string;
  uid: string;
}

/** The UIDs, on the source, of all that owns something among the captured objects. They are few, the objects may be many. */
export async function observeOwners(captured: AsyncIterable<CapturedObject>): Promise<Set<string>> {
  const uids = new Set<string>();
  for await (const { object } of captured) for (const { uid } of object.metadata.ownerReferences ?? []) uids.add(uid);
  return uids;
}

/** Knows the owners that have landed on the destination, by their UID on the source (rule 2). */
export class LandedOwners {
  private readonly owners = new Map<string, Owner>();

  /** @param wanted from {@link observeOwners} */
  constructor(private readonly wanted: ReadonlySet<string>) {}

  /** Takes down an object that the destination has now, if something refers to it as its owner. */
  land(sourceUid: string | undefined, { apiVersion, metadata: { namespace, name, uid } }: KubernetesObject): void {
    if (sourceUid && uid && this.wanted.has(sourceUid)) this.owners.set(sourceUid, { apiVersion, namespace, name, uid });
  }

  has(reference: OwnerReference): boolean {
    return this.owners.has(reference.uid);
  }

  /**
   * The references that an object has on the destination.
   * @param references on the source
   * @param namespace of the object on the destination; none: it is cluster-scoped. An owner in another namespace is none: the
   *   garbage collector would not find it there and delete the object.
   * @returns the references as they are on the destination, and those on the source whose owner is not there (yet)
   */
  remap(
    references: readonly OwnerReference[],
    namespace: string | undefined,
  ): { references: OwnerReference[]; missing: OwnerReference[] } {
    const remapped: OwnerReference[] = [];
    const missing: OwnerReference[] = [];
    for (const reference of references) {
      const owner = this.owners.get(reference.uid);
      if (owner && (!owner.namespace || owner.namespace === namespace)) {
        remapped.push({ ...reference, apiVersion: owner.apiVersion, name: owner.name, uid: owner.uid });
      } else missing.push(reference);
    }
    return { references: remapped, missing };
  }
}
