import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ensureGoProgram, type GoProgram } from '../../tools/infra/go-program.ts';
import { ensureDebianPackage } from '../../tools/testing/applications/debian-package.ts';
import { fetchGoModule, type GoModule } from '../../tools/testing/applications/go-module.ts';
import { makeCertificates } from '../../tools/testing/s3/make-certificates.ts';
import { tellOnStderr } from '../../tools/testing/s3/test-s3-server.ts';
import { loadImage } from './application-image.ts';
import type { TestCluster } from './cluster.ts';

const MODULE: GoModule = {
  path: 'github.com/prometheus-operator/prometheus-operator',
  version: 'v0.85.0',
  sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
};
const RELEASED = 'quay.io/prometheus-operator';
const PROGRAMS = ['operator', 'admission-webhook', 'prometheus-config-reloader'] as const;
const WEBHOOK = 'prometheus-operator-admission-webhook';
const MANIFESTS = [
  'bundle.yaml',
  ...['deployment', 'service', 'service-account', 'pod-disruption-budget'].map(
    (name) => `example/admission-webhook/${name}.yaml`,
  ),
  ...['service-account', 'cluster-role', 'cluster-role-binding'].map((name) => `example/rbac/prometheus/prometheus-${name}.yaml`),
];
/** The operator gives this image to what it makes. */
const RELOADER = {
  op: 'replace',
  path: '/spec/template/spec/containers/0/args/1',
  value: '--prometheus-config-reloader=e2e/prometheus-config-reloader:built',
};
export const PROMETHEUS_IMAGE = 'e2e/prometheus:debian';

/** Of the program's image. */
function releasedName(program: (typeof PROGRAMS)[number]): string {
  return program === 'operator' ? 'prometheus-operator' : program;
}

/** Builds the operator's programs as their authors do, takes Prometheus from Debian, and gives all to the clusters. */
export async function loadPrometheusImages(...clusters: TestCluster[]): Promise<void> {
  for (const program of PROGRAMS) {
    const source: GoProgram = {
      module: `${MODULE.path}/cmd/${program}`,
      version: MODULE.version,
      name: `prometheus-operator-${program}`,
      static: true,
      asDependency: true,
    };
    const file = `/bin/${program}`;
    const programs = { [file]: await ensureGoProgram(source, 'Install Go 1.26 or newer.', tellOnStderr) };
    await loadImage({ tag: `e2e/${program}:built`, entrypoint: [file], programs }, ...clusters);
  }
  const debian = await ensureDebianPackage('prometheus');
  const file = '/usr/bin/prometheus';
  await loadImage({ tag: PROMETHEUS_IMAGE, entrypoint: [file], programs: { [file]: join(debian, file) } }, ...clusters);
}

/**
 * Installs the released manifests as the documentation says: the bundle and the rights of a Prometheus, put into a namespace by
 * a kustomization, then the service for admission, with a certificate, and what calls it.
 */
export async function installPrometheusOperator(cluster: TestCluster, namespace: string): Promise<void> {
  const module = await fetchGoModule(MODULE);
  const directory = mkdtempSync(join(tmpdir(), 'godwit-prometheus-'));
  try {
    const { certificate, key, caBundle } = await makeCertificates(directory, [`DNS:${WEBHOOK}.${namespace}.svc`]);
    const kustomization = {
      namespace,
      resources: MANIFESTS.map((file) => copy(join(module, file), directory)),
      images: PROGRAMS.map((program) => ({
        name: `${RELEASED}/${releasedName(program)}`,
        newName: `e2e/${program}`,
        newTag: 'built',
      })),
      // One node has no room for two that keep apart.
      replicas: [{ name: WEBHOOK, count: 1 }],
      patches: [{ target: { kind: 'Deployment', name: 'prometheus-operator' }, patch: JSON.stringify([RELOADER]) }],
      secretGenerator: [
        {
          name: 'admission-webhook-certs',
          type: 'kubernetes.io/tls',
          files: [`tls.crt=${copy(certificate, directory)}`, `tls.key=${copy(key, directory)}`],
          options: { disableNameSuffixHash: true },
        },
      ],
    };
    writeFileSync(join(directory, 'kustomization.yaml'), JSON.stringify(kustomization));
    // The definitions are too large for the annotation of a client-side apply.
    await cluster.kubectl('apply', '--server-side', '-k', directory);
    await cluster.ready(namespace, 'deployment/prometheus-operator', `deployment/${WEBHOOK}`);
    await cluster.apply(...webhooks(namespace, Buffer.from(caBundle).toString('base64')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A kustomization takes only files that lie beside it. @returns the name of the copy */
function copy(file: string, directory: string): string {
  const name = basename(file);
  if (dirname(file) !== directory) copyFileSync(file, join(directory, name));
  return name;
}

/** As the documentation has them, with the authority that signed the certificate. */
function webhooks(namespace: string, caBundle: string): object[] {
  const webhook = (name: string, path: string) => ({
    name,
    clientConfig: { service: { name: WEBHOOK, namespace, path: `/admission-prometheusrules/${path}` }, caBundle },
    failurePolicy: 'Fail',
    namespaceSelector: {},
    rules: [
      {
        apiGroups: ['monitoring.coreos.com'],
        apiVersions: ['*'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['prometheusrules'],
      },
    ],
    admissionReviewVersions: ['v1', 'v1beta1'],
    sideEffects: 'None',
  });
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'prometheus-operator-rulesvalidation' },
      webhooks: [webhook('prometheusrulevalidate.monitoring.coreos.com', 'validate')],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'prometheus-operator-rulesmutation' },
      webhooks: [webhook('prometheusrulemutate.monitoring.coreos.com', 'mutate')],
    },
  ];
}

/** Takes all that is not in the namespace away; webhooks first, for they would refuse what comes after them. */
export async function removePrometheusOperator(cluster: TestCluster, namespace: string): Promise<void> {
  const forget = (...args: string[]) => cluster.kubectl('delete', '--ignore-not-found', ...args);
  await forget('validatingwebhookconfigurations', 'prometheus-operator-rulesvalidation');
  await forget('mutatingwebhookconfigurations', 'prometheus-operator-rulesmutation');
  await cluster.deleteNamespaces(namespace);
  await forget('clusterroles,clusterrolebindings', 'prometheus-operator', 'prometheus');
  const definitions = await cluster.kubectl('get', 'crds', '-o', 'name');
  const ours = definitions.split('\n').filter((name) => name.endsWith('.monitoring.coreos.com'));
  if (ours.length > 0) await forget(...ours);
}
