import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestCluster } from './support/cluster.ts';
import { compareNamespaces } from './support/compare-namespaces.ts';
import { Harness } from './support/harness.ts';
import { namespace } from './support/manifests.ts';
import { PrometheusUser } from './support/prometheus.ts';
import {
  installPrometheusOperator,
  loadPrometheusImages,
  PROMETHEUS_IMAGE,
  removePrometheusOperator,
} from './support/prometheus-operator.ts';
import { untilDone } from './support/until.ts';

jest.setTimeout(900_000);

/**
 * The Prometheus operator by its released manifests: definitions, custom resources, webhooks that check and change them, and a
 * StatefulSet with a volume that the operator made of a custom resource.
 */
const NAMESPACE = 'e2e-monitoring';
const API = 'monitoring.coreos.com/v1';
const POD = 'prometheus-main-0';
const CLAIM = `prometheus-main-db-${POD}`;
const AVAILABLE = 'jsonpath={.status.conditions[?(@.type=="Available")].lastTransitionTime}';
const labels = { team: 'e2e' };

const RESOURCES = [
  {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: { namespace: NAMESPACE, name: 'operator', labels },
    // Debian's Prometheus is built without what finds pods and Services.
    spec: { staticConfigs: [{ targets: [`prometheus-operator.${NAMESPACE}.svc:8080`] }] },
  },
  rule('recorded', 'sum(up)'),
  // Last: what is there when it is made is in its files from the first moment.
  {
    apiVersion: API,
    kind: 'Prometheus',
    metadata: { namespace: NAMESPACE, name: 'main' },
    spec: {
      replicas: 1,
      version: 'v2.42.0',
      image: PROMETHEUS_IMAGE,
      serviceAccountName: 'prometheus',
      scrapeConfigSelector: { matchLabels: labels },
      ruleSelector: { matchLabels: labels },
      scrapeInterval: '1s',
      evaluationInterval: '1s',
      securityContext: { runAsUser: 1000, runAsNonRoot: true, fsGroup: 2000 },
      resources: { requests: { memory: '64Mi' } },
      storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '128Mi' } } } } },
    },
  },
];

/** With a number where the API wants a text: the webhook makes it one. */
function rule(name: string, expr: string) {
  const rules = [{ record: `e2e:${name}`, expr, labels: { revision: 7 } }];
  return {
    apiVersion: API,
    kind: 'PrometheusRule',
    metadata: { namespace: NAMESPACE, name, labels },
    spec: { groups: [{ name, rules }] },
  };
}

let harness: Harness;

async function forget(): Promise<void> {
  await Promise.all([harness.source, harness.dest].map((cluster) => removePrometheusOperator(cluster, NAMESPACE)));
}

beforeAll(async () => {
  harness = await Harness.start({ name: 'move-prometheus-operator', givenNamespace: true });
  await forget();
  const { source, dest } = harness;
  await loadPrometheusImages(source, dest);
  await source.apply(namespace(NAMESPACE));
  await installPrometheusOperator(source, NAMESPACE);
  // A node hears a moment later than we do that the webhooks' pod is ready; without them nothing is taken.
  await untilDone(() => source.applyUnchecked(...RESOURCES));
  // Some seconds of history, to be found again.
  await prometheusOf(source).until('count_over_time(e2e:recorded[5m])', ([sample]) => Number(sample?.value[1]) > 5, 120_000);
});

afterAll(async () => {
  if (!harness) return;
  await forget();
  await harness.stop();
});

const prometheusOf = (cluster: TestCluster) => new PrometheusUser(cluster, NAMESPACE, POD);

test('an operator moves with its definitions, webhooks and resources, and goes on with the volume of what it made', async () => {
  const { source, dest } = harness;
  const then = Math.floor(Date.now() / 1000) - 2;
  const before = await prometheusOf(source).query('{__name__=~"up|e2e:recorded"}', then);
  expect(before).toHaveLength(2);

  const run = await harness.migrate(
    harness.definition('monitoring', { selection: { scope: 'Namespaces', namespaces: [NAMESPACE] } }),
  );

  const prometheus = prometheusOf(dest);
  await dest.ready(NAMESPACE, 'deployment/prometheus-operator', 'statefulset/prometheus-main');
  expect(await prometheus.query('{__name__=~"up|e2e:recorded"}', then)).toEqual(before);
  // It goes on to collect and to evaluate, and the operator of the destination has taken it over.
  const moved = Date.now() / 1000;
  await prometheus.until('timestamp(e2e:recorded)', ([sample]) => Number(sample?.value[1]) > moved);
  // What it made may be available before it has looked at it for the first time.
  for (const condition of ['Reconciled', 'Available'])
    await dest.kubectl('wait', 'prometheus/main', '-n', NAMESPACE, `--for=condition=${condition}`, '--timeout=60s');

  expect(run.volumes.map(({ name, copy, restore }) => [name, copy?.digest === restore?.digest])).toEqual([[CLAIM, true]]);
  // The operator has made both anew: a file of rules bears the UID of its resource, and the hash is over what it made them of.
  const fileOf = async (cluster: TestCluster) =>
    `/data/${NAMESPACE}-recorded-${(await cluster.get('prometheusrule', NAMESPACE, 'recorded')).metadata.uid}.yaml`;
  expect(await compareNamespaces(source, NAMESPACE, dest)).toEqual([
    `ConfigMap prometheus-main-rulefiles-0: remove ${await fileOf(source)}`,
    expect.stringContaining(`ConfigMap prometheus-main-rulefiles-0: add ${await fileOf(dest)}`),
    expect.stringContaining('StatefulSet prometheus-main: replace /metadata/annotations/prometheus-operator-input-hash'),
  ]);
  const owner = await dest.get('prometheus', NAMESPACE, 'main');
  for (const [kind, name] of [
    ['statefulset', 'prometheus-main'],
    ['service', 'prometheus-operated'],
    ['secret', 'prometheus-main'],
  ] as const)
    expect((await dest.get(kind, NAMESPACE, name)).metadata.ownerReferences).toMatchObject([
      { kind: 'Prometheus', uid: owner.metadata.uid },
    ]);
  expect(await harness.leftovers(run.id)).toEqual([]);

  const objects = await harness.api.objects(run.id);
  expect(objects.filter(({ outcome }) => outcome !== 'Created')).toEqual([]);
  const because = Object.fromEntries(objects.map(({ kind, name, includedBecause }) => [`${kind} ${name}`, includedBecause]));
  expect(because).toMatchObject({
    'CustomResourceDefinition prometheuses.monitoring.coreos.com': expect.any(String),
    'CustomResourceDefinition probes.monitoring.coreos.com': expect.stringContaining('ClusterRole prometheus-operator'),
    'ClusterRoleBinding prometheus': expect.stringContaining(`ServiceAccount ${NAMESPACE}/prometheus`),
    'ClusterRole prometheus': expect.stringContaining('ClusterRoleBinding prometheus'),
    'ValidatingWebhookConfiguration prometheus-operator-rulesvalidation': expect.stringContaining(`Service ${NAMESPACE}/`),
    'MutatingWebhookConfiguration prometheus-operator-rulesmutation': expect.stringContaining(`Service ${NAMESPACE}/`),
  });
});

test('all definitions that the operator works with are there, as on the source', async () => {
  const before = await definitions(harness.source);
  const after = await definitions(harness.dest);
  expect([...before.keys()]).toHaveLength(10);
  expect([...after.keys()]).toEqual([...before.keys()]);
  // They are a million characters: the names tell enough of those that differ.
  expect([...before.keys()].filter((name) => after.get(name) !== before.get(name))).toEqual([]);
});

async function definitions(cluster: TestCluster): Promise<Map<string, string>> {
  const all = JSON.parse(await cluster.kubectl('get', 'crds', '-o', 'json')) as {
    items: (KubernetesObject & { spec: object })[];
  };
  const ofOperator = all.items.filter(({ metadata }) => metadata.name.endsWith('.monitoring.coreos.com'));
  return new Map(ofOperator.map(({ metadata, spec }) => [metadata.name, JSON.stringify(spec)]));
}

test('the webhooks refuse and change on the destination what they did on the source, and were the last to land', async () => {
  const { source, dest } = harness;
  const made = async (kind: string, name: string) => Date.parse(`${(await dest.get(kind, '', name)).metadata.creationTimestamp}`);
  const answers = await dest.kubectl(
    'get',
    'deployment',
    'prometheus-operator-admission-webhook',
    '-n',
    NAMESPACE,
    '-o',
    AVAILABLE,
  );
  for (const [kind, name] of [
    ['validatingwebhookconfiguration', 'prometheus-operator-rulesvalidation'],
    ['mutatingwebhookconfiguration', 'prometheus-operator-rulesmutation'],
  ] as const)
    expect(await made(kind, name)).toBeGreaterThanOrEqual(Date.parse(answers));
  for (const cluster of [source, dest]) {
    await expect(cluster.applyUnchecked(rule('broken', 'sum('))).rejects.toThrow(/could not parse expression/);
    await cluster.applyUnchecked(rule('later', 'vector(7)'));
    expect(await cluster.get<KubernetesObject>('prometheusrule', NAMESPACE, 'later')).toMatchObject({
      metadata: { annotations: { 'prometheus-operator-validated': 'true' } },
      spec: { groups: [{ rules: [{ labels: { revision: '7' } }] }] },
    });
  }
});
