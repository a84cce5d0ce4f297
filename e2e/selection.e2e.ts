import type { RunObjectView, RunView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace, service, statefulSet } from './support/manifests.ts';

jest.setTimeout(300_000);

/** Of a shop, of which only parts are selected, and what is cluster-scoped beside it. */
const SHOP = 'e2e-s-shop';
const GROUP = 's.e2e.example.com';
const CLUSTER_SCOPED = [
  ['crd', `widgets.${GROUP}`],
  ['clusterrolebinding', 'e2e-s-reviews'],
  ['clusterrole', 'e2e-s-reviewer'],
  ['priorityclass', 'e2e-s-high'],
];
/** A user that may do all that a run needs, but not list what concerns networks. */
const LIMITED = 'e2e-s-limited';
const LIMITED_GROUPS = [
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'discovery.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'snapshot.storage.k8s.io',
  'storage.k8s.io',
];

let harness: Harness;

async function forget(): Promise<void> {
  const { source, dest } = harness;
  await Promise.all(
    [source, dest].map(async (cluster) => {
      await cluster.deleteNamespaces(SHOP, LIMITED);
      for (const [kind = '', name = ''] of CLUSTER_SCOPED) await cluster.kubectl('delete', kind, name, '--ignore-not-found');
      await cluster.kubectl('delete', 'clusterrolebinding,clusterrole', LIMITED, '--ignore-not-found');
    }),
  );
}

beforeAll(async () => {
  harness = await Harness.start({ name: 'selection', givenNamespace: true });
  await forget();
  const { source } = harness;
  await source.apply(namespace(SHOP), namespace(LIMITED), ...clusterScoped(), ...shop());
  await source.kubectl('wait', '--for=condition=Established', `crd/widgets.${GROUP}`, '--timeout=60s');
  await source.apply(widget('blue', { part: 'widgets' }));
  await source.ready(SHOP, 'deployment/web', 'statefulset/db');
  await source.exec(SHOP, 'deployment/web', 'echo kept > /uploads/file && sync');
});

afterAll(async () => {
  if (!harness) return;
  await forget();
  await harness.stop();
});

function labelled<T extends { metadata: object }>(object: T, labels: Record<string, string>): T {
  return { ...object, metadata: { ...object.metadata, labels } };
}

const account = (name: string) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: SHOP, name } });
const secret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: SHOP, name },
  stringData: { key: name },
});
const rbac = (kind: string, name: string, rest: object, ns?: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name, ...(ns ? { namespace: ns } : {}) },
  ...rest,
});
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const reader = { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }] };
const WEB = { kind: 'ServiceAccount', namespace: SHOP, name: 'web' };

function widget(name: string, labels: Record<string, string>) {
  const spec = { secretName: 'of-widget' };
  return { apiVersion: `${GROUP}/v1`, kind: 'Widget', metadata: { namespace: SHOP, name, labels }, spec };
}

function clusterScoped(): object[] {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${GROUP}` },
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
    rbac('ClusterRole', 'e2e-s-reviewer', reader),
    rbac('ClusterRoleBinding', 'e2e-s-reviews', { subjects: [WEB], roleRef: roleRef('ClusterRole', 'e2e-s-reviewer') }),
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'e2e-s-high' }, value: 7 },
    rbac('ClusterRole', LIMITED, { rules: [{ apiGroups: LIMITED_GROUPS, resources: ['*'], verbs: ['*'] }] }),
    rbac('ClusterRoleBinding', LIMITED, {
      subjects: [{ kind: 'ServiceAccount', namespace: LIMITED, name: 'default' }],
      roleRef: roleRef('ClusterRole', LIMITED),
    }),
  ];
}

function shop(): object[] {
  const web = deployment(SHOP, 'web', ['uploads'], { serviceAccountName: 'web', priorityClassName: 'e2e-s-high' });
  const [container] = web.spec.template.spec.containers;
  Object.assign(container ?? {}, {
    envFrom: [{ configMapRef: { name: 'settings' } }],
    env: [{ name: 'LOGIN', valueFrom: { secretKeyRef: { name: 'login', key: 'key' } } }],
  });
  const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] } } };
  return [
    account('web'),
    account('other'),
    rbac('Role', 'leader', reader, SHOP),
    rbac('RoleBinding', 'leads', { subjects: [WEB], roleRef: roleRef('Role', 'leader') }, SHOP),
    rbac('RoleBinding', 'other', { subjects: [{ ...WEB, name: 'other' }], roleRef: roleRef('Role', 'leader') }, SHOP),
    ...['settings', 'other'].map((name) => configMap(SHOP, name, { key: name })),
    ...['login', 'of-widget', 'other'].map(secret),
    ...['uploads', 'other'].map((name) => claim(SHOP, name)),
    labelled(service(SHOP, 'web'), { part: 'web' }),
    service(SHOP, 'other'),
    labelled(web, { part: 'web' }),
    labelled(statefulSet(SHOP, 'db', 1), { tier: 'db' }),
    labelled(
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { namespace: SHOP, name: 'nightly' },
        spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: job } },
      },
      { part: 'web' },
    ),
  ];
}

const KINDS =
  'serviceaccounts,roles,rolebindings,configmaps,secrets,persistentvolumeclaims,services,deployments,statefulsets,cronjobs';

test('labels in groups select, what hangs together comes along and says why, and excluded types stay', async () => {
  const { dest } = harness;
  const run = await harness.migrate(
    harness.definition('parts of a shop', {
      selection: {
        scope: 'Namespaces',
        namespaces: [SHOP],
        labelSelectors: ['part in (web,widgets)', 'tier=db'],
        excludeResourceTypes: ['cronjobs'],
      },
    }),
  );

  const made = ['ConfigMap kube-root-ca.crt', 'ServiceAccount default'];
  expect((await dest.list(`${KINDS},widgets.${GROUP}`, '-n', SHOP)).map(withoutNamespace).sort()).toEqual(
    [
      ...made,
      'ConfigMap settings',
      'Deployment web',
      'PersistentVolumeClaim data-db-0',
      'PersistentVolumeClaim uploads',
      'Role leader',
      'RoleBinding leads',
      'Secret login',
      'Secret of-widget',
      'Service web',
      'ServiceAccount web',
      'StatefulSet db',
      'Widget blue',
    ].sort(),
  );
  for (const [kind = '', name = ''] of CLUSTER_SCOPED) await dest.kubectl('get', kind, name);
  await dest.ready(SHOP, 'deployment/web', 'statefulset/db');
  expect((await dest.exec(SHOP, 'deployment/web', 'cat /uploads/file')).trim()).toBe('kept');

  const why = reasons(await harness.api.objects(run.id));
  expect(why).toMatchObject({
    'ConfigMap settings': 'Deployment e2e-s-shop/web reads its environment from it.',
    'Secret login': 'Deployment e2e-s-shop/web reads its environment from it.',
    'Secret of-widget': 'Widget e2e-s-shop/blue refers to it.',
    'ServiceAccount web': 'Deployment e2e-s-shop/web runs as it.',
    'RoleBinding leads': 'It binds ServiceAccount e2e-s-shop/web, which is migrated.',
    'Role leader': 'RoleBinding e2e-s-shop/leads refers to it.',
    'ClusterRoleBinding e2e-s-reviews': 'It binds ServiceAccount e2e-s-shop/web, which is migrated.',
    'ClusterRole e2e-s-reviewer': 'ClusterRoleBinding e2e-s-reviews refers to it.',
    'PriorityClass e2e-s-high': 'Deployment e2e-s-shop/web takes its priority from it.',
    [`CustomResourceDefinition widgets.${GROUP}`]: 'It defines Widget, of which objects are migrated.',
  });
  expect(Object.keys(why)).not.toContain('Deployment web');
  expect((await captured(run)).data).toMatchObject({
    included: { 'PersistentVolumeClaim e2e-s-shop/uploads': 'Deployment e2e-s-shop/web mounts it.' },
  });
});

test('a kind that may not be listed is told and left out, but refused if the selection asks for it', async () => {
  const { api, source, dest } = harness;
  await dest.deleteNamespaces(SHOP);
  const token = (await source.kubectl('create', 'token', 'default', '-n', LIMITED, '--duration=1h')).trim();
  const kubeconfig = source.kubeconfig.replace(/client-certificate-data: .*\n\s*client-key-data: .*/, `token: ${token}`);
  expect(kubeconfig).toContain(token);
  const limited = await api.registerCluster('limited', kubeconfig);
  const definition = (name: string, selection: object) => ({
    ...harness.definition(name, { selection: { scope: 'Namespaces', namespaces: [SHOP], labels: 'part:web', ...selection } }),
    sourceClusterId: limited.id,
  });

  const run = await harness.migrate(definition('without networks', {}));
  const told = (await api.log(run.id)).filter(({ level, step }) => level === 'warning' && step === 'capture-resources');
  expect(told.map(({ data }) => data)).toContainEqual(
    expect.objectContaining({ reason: 'ListForbidden', object: 'ingresses.networking.k8s.io', cure: expect.any(String) }),
  );

  const refused = await api.finished(
    await harness.start(definition('networks', { resourceTypes: ['ingresses', 'deployments'] })),
  );
  expect(refused.phase).toBe('Failed');
  expect(JSON.stringify([refused.error, await api.log(refused.id)])).toContain('ingresses.networking.k8s.io');
  expect(refused.error?.cure).toBeTruthy();
  expect(await harness.leftovers(refused.id)).toEqual([]);
});

async function captured(run: RunView) {
  const events = await harness.api.log(run.id);
  const event = events.find(({ step, message }) => step === 'capture-resources' && message.startsWith('Captured'));
  if (!event) throw new Error(await harness.api.story(run.id));
  return event;
}

function reasons(objects: RunObjectView[]): Record<string, string> {
  return Object.fromEntries(
    objects.flatMap(({ kind, name, includedBecause }) => (includedBecause ? [[`${kind} ${name}`, includedBecause]] : [])),
  );
}

function withoutNamespace(name: string): string {
  return name.replace(`${SHOP}/`, '');
}
