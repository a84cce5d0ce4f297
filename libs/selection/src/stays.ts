import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { isClustersOwn } from './clusters-own.ts';
import { isGeneratedByCluster } from './generated-by-cluster.ts';

/** Why an object stays behind. */
export type StaysBecause =
  | 'OurOwnNamespace'
  | 'BeingDeleted'
  | 'NamespaceNotSelected'
  | 'LabelsDoNotMatch'
  | 'TypeNotSelected'
  | 'NotNeeded'
  | 'MirrorPod'
  | 'PodFinished'
  | 'JobFinished'
  | 'ReCreatedByOwner'
  | 'OwnerStays'
  | 'GeneratedByCluster';

export interface Stays {
  reason: StaysBecause;
  /** A sentence for people. */
  message: string;
}

export function stays(reason: StaysBecause, message: string): Stays {
  return { reason, message };
}

export function isNamespace({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

/** Why an object stays wherever its selection, its owners and what needs it lead; undefined if it may go. */
export function staysAnyway(object: KubernetesObject): Stays | undefined {
  const { metadata } = object;
  if (metadata.namespace === GODWIT_NAMESPACE || (isNamespace(object) && metadata.name === GODWIT_NAMESPACE)) {
    return stays('OurOwnNamespace', `Namespace ${GODWIT_NAMESPACE} is never migrated.`);
  }
  if (metadata.deletionTimestamp) return stays('BeingDeleted', `It is being deleted since ${metadata.deletionTimestamp}.`);
  const own = isGeneratedByCluster(object) ?? isClustersOwn(object);
  return own ? stays('GeneratedByCluster', own) : finished(object);
}

/** Rule 20. */
function finished(object: KubernetesObject): Stays | undefined {
  if (object.apiVersion === 'v1' && object.kind === 'Pod') {
    if (object.metadata.annotations?.['kubernetes.io/config.mirror']) {
      return stays('MirrorPod', 'It mirrors a static pod of a node.');
    }
    const phase = (object.status as { phase?: string } | undefined)?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') return stays('PodFinished', `The pod has finished (${phase}).`);
  }
  if (groupOf(object.apiVersion) === 'batch' && object.kind === 'Job') {
    const conditions = (object.status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    const end = conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
    if (end) return stays('JobFinished', `The Job has finished (${end.type}).`);
  }
  return undefined;
}
