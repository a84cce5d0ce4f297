import { createHash } from 'node:crypto';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** What a thousand objects of applications are; nothing of it starts a pod. */
const MIX = {
  configMap: 300,
  secret: 200,
  serviceAccount: 100,
  customResource: 100,
  deployment: 80,
  role: 60,
  roleBinding: 60,
  service: 50,
  cronJob: 50,
};
const EACH = Object.entries(MIX).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as keyof typeof MIX));
/** The range of cluster IPs may be small: the other Services are headless. */
const CLUSTER_IPS = 150;

const GROUP = 'bench.godwit.io';
export const DEFINITION = `widgets.${GROUP}`;

/** The namespaces for so many objects: one for each thousand. */
export function namespacesOf(count: number): string[] {
  return Array.from({ length: Math.ceil(count / EACH.length) }, (_, index) => `godwit-bench-${String(index).padStart(2, '0')}`);
}

/** What all the others need: their namespaces and the definition of their custom kind. */
export function makeGround(count: number): KubernetesObject[] {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: DEFINITION },
    spec: {
      group: GROUP,
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: open } } } },
      ],
    },
  };
  return [definition, ...namespacesOf(count).map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))];
}

/** Mixed objects as their owner would write them; the same for the same count. */
export function makeObjects(count: number): KubernetesObject[] {
  const namespaces = namespacesOf(count);
  let addresses = CLUSTER_IPS;
  return Array.from({ length: count }, (_, index) => {
    const kind = EACH[index % EACH.length]!;
    const headless = kind === 'service' && addresses-- <= 0;
    return MAKERS[kind](namespaces[Math.floor(index / EACH.length)]!, `${kind.toLowerCase()}-${index % EACH.length}`, headless);
  });
}

/** An object as an API server hands it out. */
export function asCaptured(object: KubernetesObject, index: number): KubernetesObject {
  const digest = createHash('sha256').update(String(index)).digest('hex');
  const uid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  const fieldsV1 = fieldsOf({ ...object, metadata: { labels: object.metadata.labels }, apiVersion: undefined, kind: undefined });
  const managedFields = [
    {
      manager: 'helm',
      operation: 'Update',
      apiVersion: object.apiVersion,
      time: '2026-01-02T03:04:05Z',
      fieldsType: 'FieldsV1',
      fieldsV1,
    },
  ];
  const served = { uid, resourceVersion: String(1000 + index), creationTimestamp: '2026-01-02T03:04:05Z', managedFields };
  return { ...object, metadata: { ...object.metadata, ...served } };
}

function fieldsOf(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const told = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(told.map(([key, field]) => [`f:${key}`, fieldsOf(field)]));
}

type Maker = (namespace: string, name: string, headless: boolean) => KubernetesObject;

const TEXT = 'A bar-tailed godwit flew from Alaska to Tasmania, 13,560 km without a stop. ';
const RBAC = 'rbac.authorization.k8s.io';

function make(apiVersion: string, kind: string, fields: (name: string, headless: boolean) => object): Maker {
  return (namespace, name, headless) => ({
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'bench', 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'bench', 'meta.helm.sh/release-namespace': namespace },
    },
    ...fields(name, headless),
  });
}

const podTemplate = (name: string) => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'busybox:1',
        command: ['sleep', 'inf'],
        env: [{ name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'configmap-0', key: 'colour' } } }],
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
        ports: [{ name: 'http', containerPort: 8080 }],
      },
    ],
    restartPolicy: 'Always',
  },
});

const MAKERS: Record<keyof typeof MIX, Maker> = {
  configMap: make('v1', 'ConfigMap', (name) => ({ data: { name, colour: 'green', text: TEXT.repeat(12) } })),
  secret: make('v1', 'Secret', (name) => ({
    type: 'Opaque',
    data: { password: Buffer.from(name).toString('base64'), certificate: Buffer.from(TEXT.repeat(6)).toString('base64') },
  })),
  serviceAccount: make('v1', 'ServiceAccount', () => ({})),
  customResource: make(`${GROUP}/v1`, 'Widget', (name) => ({
    spec: { name, size: 3, parts: Array.from({ length: 5 }, (_, index) => ({ index, text: TEXT })) },
  })),
  deployment: make('apps/v1', 'Deployment', (name) => ({
    spec: { replicas: 0, selector: { matchLabels: { app: name } }, template: podTemplate(name) },
  })),
  role: make(`${RBAC}/v1`, 'Role', () => ({
    rules: [{ apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['get', 'list'] }],
  })),
  roleBinding: make(`${RBAC}/v1`, 'RoleBinding', () => ({
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'default' }],
  })),
  service: make('v1', 'Service', (name, headless) => ({
    spec: {
      ...(headless ? { clusterIP: 'None' } : {}),
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    },
  })),
  cronJob: make('batch/v1', 'CronJob', (name) => ({
    spec: {
      schedule: '0 3 * * *',
      suspend: true,
      jobTemplate: { spec: { template: { ...podTemplate(name), spec: { ...podTemplate(name).spec, restartPolicy: 'Never' } } } },
    },
  })),
};
