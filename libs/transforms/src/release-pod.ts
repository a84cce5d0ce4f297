import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
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
  serviceAccountName?: string;
  volumes?: Volume[];
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

/** Takes a pod that nothing controls off its node and off the token that was mounted into it (rule 19). */
export function releasePod(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Pod')) return keep(object);
  const { nodeName: _, priority: __, ephemeralContainers, ...spec } = object.spec as PodSpec;
  const tokens = new Set(
    spec.volumes?.filter((volume) => isTokenVolume(volume, spec.serviceAccountName)).map(({ name }) => name),
  );
  return keep(
    {
      ...object,
      spec: {
        ...spec,
        ...(spec.volumes && { volumes: spec.volumes.filter(({ name }) => !tokens.has(name)) }),
        ...(spec.containers && { containers: unmount(spec.containers, tokens) }),
        ...(spec.initContainers && { initContainers: unmount(spec.initContainers, tokens) }),
      },
    },
    ephemeralContainers?.length ? [debuggersStay(object, ephemeralContainers)] : [],
  );
}

/** Added by the API server to each pod, under names of its own; users' volumes of other types may be called alike. */
function isTokenVolume({ name, secret, projected }: Volume, account = 'default'): boolean {
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
