import { groupOf, type KubernetesObject, type ObjectMeta } from '@godwit/contracts/kubernetes-object';

/** What the control plane itself makes and keeps in a namespace, and takes away with it. */
const OF_THE_CONTROL_PLANE: ReadonlySet<string> = new Set([
  'Event',
  'Event.events.k8s.io',
  'Lease.coordination.k8s.io',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
]);
const MADE_IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set([
  'ConfigMap kube-root-ca.crt',
  'ConfigMap openshift-service-ca.crt',
  'ServiceAccount default',
  'ServiceAccount builder',
  'ServiceAccount deployer',
]);
const TOKEN_OF = 'kubernetes.io/service-account.name';

export interface Strangers {
  /** Objects that neither the run nor a controller of its objects has made. */
  lasting: KubernetesObject[];
  /** Objects whose owner is not there: most likely the garbage collector is about to take them. */
  orphans: KubernetesObject[];
}

/**
 * Of what is in a namespace that the run created: what keeps it from being deleted.
 *
 * @param objects all that is in the namespace
 * @param ours UIDs of what the run created
 */
export function findStrangers(objects: readonly KubernetesObject[], ours: ReadonlySet<string>): Strangers {
  const byUid = new Map(objects.map((object) => [object.metadata.uid ?? '', object]));
  const strangers: Strangers = { lasting: [], orphans: [] };
  for (const object of objects) {
    if (object.metadata.deletionTimestamp || isOfTheControlPlane(object)) continue;
    const origin = originOf(object, byUid, ours);
    if (origin === 'others') strangers.lasting.push(object);
    if (origin === 'gone') strangers.orphans.push(object);
  }
  return strangers;
}

/** Whose an object is in the end, up the chain of its owners. */
function originOf(
  object: KubernetesObject,
  byUid: ReadonlyMap<string, KubernetesObject>,
  ours: ReadonlySet<string>,
): 'run' | 'others' | 'gone' {
  const seen = new Set<string>();
  for (let at: KubernetesObject | undefined = object; at; ) {
    const { uid = '', ownerReferences = [] }: ObjectMeta = at.metadata;
    if (ours.has(uid) || ownerReferences.some((owner) => ours.has(owner.uid))) return 'run';
    if (ownerReferences.length === 0 || seen.has(uid)) return 'others';
    seen.add(uid);
    at = ownerReferences.map((owner) => byUid.get(owner.uid)).find((owner) => owner !== undefined);
  }
  return 'gone';
}

function isOfTheControlPlane({ apiVersion, kind, metadata }: KubernetesObject): boolean {
  const group = groupOf(apiVersion);
  if (OF_THE_CONTROL_PLANE.has(group ? `${kind}.${group}` : kind)) return true;
  if (group !== '') return false;
  // A token goes with its account.
  return (
    MADE_IN_EVERY_NAMESPACE.has(`${kind} ${metadata.name}`) ||
    (kind === 'Secret' && metadata.annotations?.[TOKEN_OF] !== undefined)
  );
}
