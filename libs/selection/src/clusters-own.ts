import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isProvisioned, isShareable } from './static-volume.ts';

/** What API servers and installers of clusters give names to (rule 26). */
const SYSTEM_ROLE = /^(system|kubeadm|eks|gce|aks|rke):/;
const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
  'snapshot.storage.kubernetes.io/is-default-class',
];
/** Kept by every API server as they are; suggested ones bear an annotation until somebody changes them. */
const MANDATORY_FLOW = new Set(['exempt', 'catch-all']);
const KEPT_UP_TO_DATE = 'apf.kubernetes.io/autoupdate-spec';

/**
 * Why an object is part of the cluster, not of what runs in it (rules 13, 26, 27).
 * @returns a sentence, or undefined if it is the user's
 */
export function isClustersOwn(object: KubernetesObject): string | undefined {
  const node = object.metadata.ownerReferences?.find(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1');
  if (node) return `It belongs to node ${node.name} of the source.`;
  switch (`${object.kind}.${groupOf(object.apiVersion)}`) {
    case 'ClusterRole.rbac.authorization.k8s.io':
    case 'ClusterRoleBinding.rbac.authorization.k8s.io':
    case 'Role.rbac.authorization.k8s.io':
    case 'RoleBinding.rbac.authorization.k8s.io':
      return role(object);
    case 'APIService.apiregistration.k8s.io':
      return apiService(object);
    case 'FlowSchema.flowcontrol.apiserver.k8s.io':
    case 'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io':
      return flow(object);
    case 'PriorityClass.scheduling.k8s.io':
      return object.metadata.name.startsWith('system-') ? 'Every cluster has it.' : undefined;
    case 'PersistentVolume.':
      return volume(object);
    case 'StorageClass.storage.k8s.io':
    case 'VolumeSnapshotClass.snapshot.storage.k8s.io':
      return defaultClass(object);
    case 'ClusterTrustBundle.certificates.k8s.io':
      return signer(object);
    default:
      return undefined;
  }
}

function role({ metadata }: KubernetesObject): string | undefined {
  const isOwn = SYSTEM_ROLE.test(metadata.name) || metadata.labels?.['kubernetes.io/bootstrapping'] !== undefined;
  return isOwn ? 'Every cluster keeps such roles and bindings for itself.' : undefined;
}

function apiService({ metadata, spec }: KubernetesObject): string | undefined {
  const isLocal = !(spec as { service?: object } | undefined)?.service;
  const isOwn = isLocal || metadata.labels?.['kube-aggregator.kubernetes.io/automanaged'] !== undefined;
  return isOwn ? 'The API server registers what it serves itself.' : undefined;
}

function flow({ metadata }: KubernetesObject): string | undefined {
  const isOwn = MANDATORY_FLOW.has(metadata.name) || metadata.annotations?.[KEPT_UP_TO_DATE] === 'true';
  return isOwn ? 'The API server keeps it by itself.' : undefined;
}

function volume(object: KubernetesObject): string | undefined {
  if (isProvisioned(object)) return 'It was provisioned for its claim.';
  const claim = claimOf(object);
  // Whether it goes along with its claim is for the selection to say.
  return claim && !isShareable(object) ? getsAnother(claim) : undefined;
}

/** @returns `namespace/name` of the claim that a PersistentVolume is bound to or reserved for */
export function claimOf({ spec }: KubernetesObject): string | undefined {
  const { claimRef } = (spec ?? {}) as { claimRef?: { namespace: string; name: string } };
  return claimRef && `${claimRef.namespace}/${claimRef.name}`;
}

/** Why a volume stays whose claim goes. */
export function getsAnother(claim: string): string {
  return `It is bound to PersistentVolumeClaim ${claim}, which gets a volume of the destination.`;
}

function defaultClass({ metadata }: KubernetesObject): string | undefined {
  const isDefault = DEFAULT_CLASS.some((annotation) => metadata.annotations?.[annotation] === 'true');
  return isDefault ? 'Every cluster has a default class of its own.' : undefined;
}

function signer({ metadata }: KubernetesObject): string | undefined {
  return metadata.name.startsWith('kubernetes.io:') ? 'A signer of the source publishes it.' : undefined;
}
