import { accountKey, objectKey, type Tie } from './tie.ts';

interface Named {
  name?: string;
}

interface Container {
  env?: { valueFrom?: { configMapKeyRef?: Named; secretKeyRef?: Named } }[];
  envFrom?: { configMapRef?: Named; secretRef?: Named }[];
}

interface Volume {
  persistentVolumeClaim?: { claimName?: string };
  configMap?: Named;
  secret?: { secretName?: string };
  projected?: { sources?: { configMap?: Named; secret?: Named }[] };
  csi?: { nodePublishSecretRef?: Named };
  azureFile?: { secretName?: string };
  [driver: string]: unknown;
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Volume[];
  imagePullSecrets?: Named[];
  serviceAccountName?: string;
  serviceAccount?: string;
  priorityClassName?: string;
  runtimeClassName?: string;
  resourceClaims?: { resourceClaimName?: string; resourceClaimTemplateName?: string }[];
}

/** In-tree volumes whose credentials are a Secret named by `secretRef`. */
const WITH_SECRET_REF = ['flexVolume', 'cephfs', 'cinder', 'iscsi', 'rbd', 'scaleIO', 'storageos'];

/** What pods of such a spec need to be there before they start, within their namespace and beside it. */
export function podReferences(pod: object, namespace: string): Tie[] {
  const spec = pod as PodSpec;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const local = (kind: string, name: string | undefined, why: string, group = ''): Tie[] =>
    name ? [{ key: objectKey(kind, group, namespace, name), why }] : [];
  const classNamed = (kind: string, group: string, name: string | undefined, why: string): Tie[] =>
    name ? [{ key: objectKey(kind, group, '', name), why }] : [];
  return [
    // A pod that names no account runs as the default one.
    { key: accountKey(namespace, spec.serviceAccountName || spec.serviceAccount || 'default'), why: 'runs as it' },
    ...(spec.volumes ?? []).flatMap((volume) => volumeReferences(volume, local)),
    ...containers.flatMap((container) => containerReferences(container, local)),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => local('Secret', name, 'pulls images with it')),
    ...(spec.resourceClaims ?? []).flatMap((claim) => [
      ...local('ResourceClaim', claim.resourceClaimName, 'claims devices by it', 'resource.k8s.io'),
      ...local('ResourceClaimTemplate', claim.resourceClaimTemplateName, 'claims devices by it', 'resource.k8s.io'),
    ]),
    ...classNamed('PriorityClass', 'scheduling.k8s.io', spec.priorityClassName, 'takes its priority from it'),
    ...classNamed('RuntimeClass', 'node.k8s.io', spec.runtimeClassName, 'runs its pods by it'),
  ];
}

type Local = (kind: string, name: string | undefined, why: string) => Tie[];

function volumeReferences(volume: Volume, local: Local): Tie[] {
  const drivers = WITH_SECRET_REF.map((driver) => (volume[driver] as { secretRef?: Named } | undefined)?.secretRef?.name);
  const credentials = [volume.csi?.nodePublishSecretRef?.name, volume.azureFile?.secretName, ...drivers];
  return [
    ...local('PersistentVolumeClaim', volume.persistentVolumeClaim?.claimName, 'mounts it'),
    ...local('ConfigMap', volume.configMap?.name, 'mounts it'),
    ...local('Secret', volume.secret?.secretName, 'mounts it'),
    ...(volume.projected?.sources ?? []).flatMap(({ configMap, secret }) => [
      ...local('ConfigMap', configMap?.name, 'mounts it'),
      ...local('Secret', secret?.name, 'mounts it'),
    ]),
    ...credentials.flatMap((name) => local('Secret', name, 'mounts a volume with it')),
  ];
}

function containerReferences({ env = [], envFrom = [] }: Container, local: Local): Tie[] {
  return [
    ...env.flatMap(({ valueFrom }) => [
      ...local('ConfigMap', valueFrom?.configMapKeyRef?.name, 'reads its environment from it'),
      ...local('Secret', valueFrom?.secretKeyRef?.name, 'reads its environment from it'),
    ]),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...local('ConfigMap', configMapRef?.name, 'reads its environment from it'),
      ...local('Secret', secretRef?.name, 'reads its environment from it'),
    ]),
  ];
}
