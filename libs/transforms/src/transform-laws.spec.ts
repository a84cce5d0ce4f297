import { readdirSync, readFileSync } from 'node:fs';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Transform, TransformContext } from './transform.ts';
import { transformContext } from './transform-context.ts';
import { TRANSFORMS, transformObject } from './transform-object.ts';

/** Laws that hold for every transform on every object: it gives its own output back, and never changes its input. */
const NAMESPACES = ['shop', 'billing', 'elsewhere', 'constructor'];
const CLASSES = ['gp2', 'slow', 'other'];
const FINALIZERS = ['kubernetes.io/pvc-protection', 'foregroundDeletion', 'example.com/wait', 'example.com/known'];

const port = fc.integer({ min: 1, max: 65_535 });
const oneOf = (...values: string[]) => fc.constantFrom(...values);
/** Fields that may be there or not. */
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] });

const lastApplied = fc.oneof(
  fc.json(),
  fc
    .array(some({ name: oneOf('a', 'b'), nodePort: fc.oneof(port, port.map(String)) }))
    .map((ports) => JSON.stringify({ spec: { ports } })),
  fc.string(),
);

/** Texts in which namespaces are named in all ways, and in none. */
const text = fc
  .array(
    fc.oneof(
      oneOf('http://db.shop.svc:80/', 'a.b.billing.svc.cluster.local', 'db.shop', '.shop.svc', 'shop.svc', '*.x.shop.svc'),
      oneOf('--namespace=shop', 'namespace: billing\n', '{"namespace":"shop"}', 'namespace=~\\"shop|billing\\"', 'namespace='),
      oneOf('system:serviceaccount:shop:web', 'cluster.local/ns/shop/sa/web', 'shop', 'shop/web', ' ', '\n'),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

const metadata = fc
  .tuple(
    fc.record({ name: oneOf('web', 'default', 'ci-token-8zq4w') }),
    some({
      namespace: oneOf(...NAMESPACES),
      uid: fc.uuid(),
      generateName: fc.constant('web-'),
      resourceVersion: fc.nat().map(String),
      labels: fc.dictionary(oneOf('app', 'job-name', 'controller-uid', 'kubernetes.io/metadata.name'), oneOf(...NAMESPACES)),
      annotations: some({
        'kubectl.kubernetes.io/last-applied-configuration': lastApplied,
        'pv.kubernetes.io/provisioned-by': fc.constant('driver'),
        'volume.beta.kubernetes.io/storage-class': oneOf(...CLASSES),
        'kubernetes.io/service-account.name': oneOf('ci', 'other'),
        'cert-manager.io/inject-ca-from': oneOf('shop/cert', 'shop'),
        'meta.helm.sh/release-namespace': oneOf(...NAMESPACES),
        'nginx.ingress.kubernetes.io/auth-secret': oneOf('shop/basic', 'basic', '/', 'elsewhere/basic'),
        'traefik.ingress.kubernetes.io/router.middlewares': oneOf(
          'shop-a@kubernetescrd, shop-dev-a@kubernetescrd',
          '@kubernetescrd',
        ),
        'reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces': oneOf('shop, billing,', ',', 'shop.*'),
        'storageclass.kubernetes.io/is-default-class': oneOf('true', 'false'),
        'sealedsecrets.bitnami.com/cluster-wide': oneOf('true', ''),
        'eks.amazonaws.com/role-arn': fc.constant('arn'),
        'example.com/note': text,
      }),
      finalizers: fc.array(oneOf(...FINALIZERS), { maxLength: 3 }),
      ownerReferences: fc.array(fc.constant({ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u' }), { maxLength: 1 }),
      managedFields: fc.array(
        some({
          fieldsV1: fc.constantFrom(
            {},
            { 'f:spec': {} },
            { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:nodePort': {} } } } },
          ),
        }),
        { maxLength: 2 },
      ),
    }),
  )
  .map(([required, optional]) => ({ ...required, ...optional }));

const service = some({
  type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  clusterIP: oneOf('None', '', '10.0.0.1'),
  clusterIPs: fc.constant(['10.0.0.1']),
  externalName: oneOf('a.shop.svc', 'a.shop.example.com', 'shop.svc', 'b.a.shop.svc.cluster.local'),
  externalIPs: fc.array(fc.ipV4(), { maxLength: 2 }),
  loadBalancerIP: fc.ipV4(),
  externalTrafficPolicy: oneOf('Local', 'Cluster'),
  healthCheckNodePort: port,
  ports: fc.array(
    fc
      .tuple(
        fc.record({ port: fc.constantFrom(80, 81) }),
        some({ name: oneOf('a', 'b'), nodePort: port, protocol: oneOf('TCP', 'UDP') }),
      )
      .map(([required, optional]) => ({ ...required, ...optional })),
    { maxLength: 3 },
  ),
});

const claim = some({ storageClassName: oneOf('', ...CLASSES), volumeName: fc.constant('pv'), selector: fc.constant({}) });
const affinityTerm = fc.record({
  topologyKey: fc.constant('zone'),
  namespaces: fc.array(oneOf(...NAMESPACES)),
  namespaceSelector: fc.record({
    matchLabels: fc.dictionary(oneOf('team', 'kubernetes.io/metadata.name'), oneOf(...NAMESPACES)),
  }),
});
const pod = some({
  nodeName: fc.constant('n'),
  priority: fc.nat(),
  volumes: fc.constant([
    { name: 'kube-api-access-1', projected: {} },
    { name: 'default-token-1', secret: {} },
    { name: 'models', image: { reference: 'ghcr.io/acme/models' } },
  ]),
  containers: fc.constant([
    { name: 'c', volumeMounts: [{ name: 'kube-api-access-1' }], args: ['http://a.shop.svc'], image: 'nginx' },
    { name: 'd' },
  ]),
  affinity: fc.record({ podAffinity: fc.record({ requiredDuringSchedulingIgnoredDuringExecution: fc.array(affinityTerm) }) }),
});
const template = fc.record({ metadata: some({ labels: fc.dictionary(oneOf('app', 'controller-uid'), oneOf('x')) }), spec: pod });

const withSpec = (apiVersion: string, kind: string, spec: fc.Arbitrary<unknown>) =>
  fc.record({ apiVersion: fc.constant(apiVersion), kind: fc.constant(kind), metadata, spec, status: fc.constant({}) });

const withData = (apiVersion: string, kind: string, value: fc.Arbitrary<string>) =>
  fc.record({
    apiVersion: fc.constant(apiVersion),
    kind: fc.constant(kind),
    metadata,
    data: fc.dictionary(oneOf('a', 'release', '.dockercfg'), value),
    binaryData: fc.dictionary(oneOf('b'), fc.base64String()),
  });

const generated: fc.Arbitrary<unknown> = fc.oneof(
  withSpec('v1', 'Service', service),
  withSpec('v1', 'PersistentVolumeClaim', claim),
  withSpec('v1', 'PersistentVolume', some({ nfs: fc.constant({}), persistentVolumeReclaimPolicy: oneOf('Retain', 'Delete') })),
  withSpec('v1', 'Pod', pod),
  withSpec('batch/v1', 'Job', fc.record({ manualSelector: fc.boolean(), suspend: fc.boolean(), template })),
  withSpec('apps/v1', 'StatefulSet', fc.record({ template, volumeClaimTemplates: fc.array(fc.record({ spec: claim })) })),
  withSpec('v1', 'Namespace', fc.constant({ finalizers: ['kubernetes'] })),
  withSpec('example.com/v1', 'Widget', fc.object()),
  withSpec('apps/v1', 'Deployment', fc.record({ replicas: fc.nat({ max: 9 }), template })),
  withSpec(
    'example.com/v1',
    'Widget',
    some({
      image: oneOf('nginx', 'docker.io/nginx', 'logo.png', 'ghcr.io/mirror/x'),
      replicas: fc.oneof(fc.nat({ max: 9 }), fc.constant('many')),
      storageClass: oneOf(...CLASSES),
      secretRef: fc.record({ name: fc.constant('s'), namespace: oneOf(...NAMESPACES) }),
      targetNamespaces: fc.array(oneOf(...NAMESPACES)),
      text: fc.oneof(text, fc.array(text)),
    }),
  ),
  withSpec(
    'networking.istio.io/v1',
    'VirtualService',
    some({ hosts: fc.array(text), gateways: fc.array(text), exportTo: fc.array(oneOf('.', '*', ...NAMESPACES)) }),
  ),
  withSpec('networking.istio.io/v1', 'Sidecar', fc.record({ egress: fc.array(fc.record({ hosts: fc.array(text) })) })),
  withSpec(
    'projectcalico.org/v3',
    'NetworkPolicy',
    fc.record({ namespaceSelector: text.map((of) => `metadata.name == '${of}'`) }),
  ),
  withSpec('bitnami.com/v1alpha1', 'SealedSecret', fc.object()),
  withData('v1', 'ConfigMap', text),
  withData(
    'v1',
    'Secret',
    fc.oneof(
      text.map((plain) => Buffer.from(plain).toString('base64')),
      fc.base64String(),
    ),
  ),
  withSpec(
    'v1',
    'ResourceQuota',
    some({
      hard: fc.dictionary(oneOf('pods', ...CLASSES.map((name) => `${name}.storageclass.storage.k8s.io/x`)), oneOf('1', '2')),
    }),
  ),
);

/** The inputs of all golden cases, so that each kind that a transform knows is among the objects. */
const TESTDATA = new URL('../testdata/', import.meta.url);
const goldenInputs = readdirSync(TESTDATA).flatMap((name) =>
  readdirSync(new URL(`${name}/`, TESTDATA)).map(
    (testCase) => parse(readFileSync(new URL(`${name}/${testCase}/input.yaml`, TESTDATA), 'utf8')) as KubernetesObject,
  ),
);

const objects = fc.oneof(generated as fc.Arbitrary<KubernetesObject>, fc.constantFrom(...goldenInputs));

const REGISTRIES = [
  { from: 'docker.io', to: 'mirror.example.com/hub' },
  { from: 'docker.io/library', to: 'mirror.example.com' },
  { from: 'ghcr.io', to: 'ghcr.io/mirror' },
];

const match = some({
  resourceTypes: fc.subarray(['deployments', 'Pod', 'configmaps', 'widgets.example.com']),
  namespaces: fc.subarray([...NAMESPACES, 'sh*']),
  names: fc.subarray(['web', '*a*']),
  labelSelector: oneOf('', 'app', 'app in (shop,billing)', '!app'),
});

/** Patches that do not add up when they are applied twice, and do not take from each other what they need. */
const patch: fc.Arbitrary<object> = fc.oneof(
  fc.record({ mergePatch: fc.dictionary(oneOf('data', 'extra', '__proto__'), fc.jsonValue()) }),
  fc.record({ mergePatch: fc.record({ spec: fc.dictionary(fc.string(), fc.jsonValue()) }) }),
  fc.constant({ jsonPatch: [{ op: 'add', path: '/metadata/labels', value: { app: 'new' } }] }),
  fc.constant({
    jsonPatch: [
      { op: 'test', path: '/kind', value: 'Service' },
      { op: 'add', path: '/spec/sessionAffinity', value: 'ClientIP' },
    ],
  }),
);
/** Patches that do. */
const growing = { jsonPatch: [{ op: 'add' as const, path: '/metadata/finalizers/-', value: 'example.com/more' }] };

function contexts(newNames: string[], newClasses: string[], more: object[] = []): fc.Arbitrary<TransformContext> {
  return fc
    .record({
      namespaces: fc.dictionary(oneOf(...NAMESPACES), oneOf(...newNames)),
      storageClasses: fc.dictionary(oneOf(...CLASSES), oneOf(...newClasses)),
      preserveNodePorts: fc.boolean(),
      keepFinalizers: fc.constant(['example.com/known']),
      rewriteText: fc.boolean(),
      restoreStatus: fc.subarray(['pods', 'widgets.example.com']),
      imageRegistries: fc.subarray(REGISTRIES),
      replicas: fc.array(fc.record({ match, replicas: fc.nat({ max: 3 }) }), { maxLength: 2 }),
      resourceModifiers: fc
        .array(fc.tuple(patch, match), { maxLength: 3 })
        .map((pairs) => pairs.map(([one, of]) => ({ ...one, match: of }))),
    })
    .map(({ namespaces, ...transforms }) => {
      const resourceModifiers = [...transforms.resourceModifiers, ...more];
      return transformContext(RestoreTransforms.parse({ ...transforms, resourceModifiers }), {
        runId: 'run',
        namespaces,
        types: [],
      });
    });
}

function expectLaws(transform: Transform, object: KubernetesObject, context: TransformContext): void {
  const first = transform(frozen(object), context, object).object;
  if (first) expect(transform(frozen(first), context, object).object).toStrictEqual(first);
}

/** Code in strict mode throws where it writes to a frozen object. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

describe.each(TRANSFORMS)('$name', ({ transform }) => {
  test('is idempotent and leaves its input alone', () => {
    const unchained = contexts(['shop-dev', 'new'], ['', 'premium-rwo']);
    fc.assert(
      fc.property(objects, unchained, (object, context) => expectLaws(transform, object, context)),
      { numRuns: 300 },
    );
  });
});

test('transformObject is idempotent even with maps that chain and patches that add up', () => {
  const chained = contexts([...NAMESPACES, 'new'], [...CLASSES, ''], [growing]);
  fc.assert(
    fc.property(objects, chained, (object, context) => expectLaws(transformObject, object, context)),
    { numRuns: 1000 },
  );
});
