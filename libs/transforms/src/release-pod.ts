import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isAutomaticPullSecret } from './automatic-pull-secret.ts';
import { isKind } from './kinds.ts';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

interface Volume {
  name: string;
  secret?: object;
  projected?: object;
}

interface Container {
  name: string;
  volumeMounts?: { name: string }[];
}

interface PodSpec {
  nodeName?: string;
  priority?: number;
  preemptionPolicy?: string;
  overhead?: object;
  imagePullSecrets?: { name?: string }[];
  serviceAccountName?: string;
  volumes?: Volume[];
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

/** What network plugins and admission of the source wrote on the pod: addresses and choices of that cluster. */
const WRITTEN_BY_CLUSTER = [
  /^cni\.projectcalico\.org\//,
  /^k8s\.v1\.cni\.cncf\.io\/network(s)?-status$/,
  /^k8s\.ovn\.org\//,
  /^openshift\.io\/scc$/,
];

/**
 * Takes a pod that nothing controls off its node and off the credentials that were mounted into it (rule 19). Priority,
 * preemption and overhead follow from the classes that it names; of these values the API server accepts only its own.
 */
export function releasePod(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Pod')) return keep(object);
  const { nodeName, priority, preemptionPolicy, overhead, imagePullSecrets, ephemeralContainers, ...spec } =
    object.spec as PodSpec;
  const account = spec.serviceAccountName ?? 'default';
  const pullSecrets = imagePullSecrets?.filter(({ name = '' }) => !isAutomaticPullSecret(account, name));
  const tokens = new Set(spec.volumes?.filter((volume) => isTokenVolume(volume, account)).map(({ name }) => name));
  return keep(
    {
      ...object,
      metadata: { ...object.metadata, ...withoutClusterNotes(object.metadata.annotations) },
      spec: {
        ...spec,
        ...(pullSecrets?.length && { imagePullSecrets: pullSecrets }),
        ...(spec.volumes && { volumes: spec.volumes.filter(({ name }) => !tokens.has(name)) }),
        ...(spec.containers && { containers: unmount(spec.containers, tokens) }),
        ...(spec.initContainers && { initContainers: unmount(spec.initContainers, tokens) }),
      },
    },
    ephemeralContainers?.length ? [debuggersStay(object, ephemeralContainers)] : [],
  );
}

function withoutClusterNotes(annotations: Record<string, string> | undefined): object {
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !WRITTEN_BY_CLUSTER.some((pattern) => pattern.test(key)));
  return annotations ? { annotations: Object.fromEntries(kept) } : {};
}

/** Added by the API server to each pod, under names of its own; users' volumes of other types may be called alike. */
function isTokenVolume({ name, secret, projected }: Volume, account: string): boolean {
  return (
    (projected !== undefined && name.startsWith('kube-api-access-')) ||
    (secret !== undefined && name.startsWith(`${account}-token-`))
  );
}

function unmount(containers: Container[], volumes: ReadonlySet<string>): Container[] {
  return containers.map((container) =>
    container.volumeMounts
      ? { ...container, volumeMounts: container.volumeMounts.filter(({ name }) => !volumes.has(name)) }
      : container,
  );
}

/** The API server refuses a new pod that has ephemeral containers. */
function debuggersStay(object: KubernetesObject, containers: Container[]): Finding {
  const names = containers.map(({ name }) => name).join(', ');
  return findingOn(
    object,
    'note',
    'EphemeralContainersDropped',
    `The ephemeral containers ${names} are left out; no pod can start with any.`,
  );
}
