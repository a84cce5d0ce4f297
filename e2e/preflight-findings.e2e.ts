import type { RunFindingView, RunSummary, RunView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { namespace } from './support/manifests.ts';
import { application, endlessNamespace, obstacles, removeUser, restrictedUser, WIDGETS, widget } from './support/obstacles.ts';

jest.setTimeout(300_000);

const APPLICATION = 'e2e-p-obstacles';
const ENDING = 'e2e-p-ending';
const OTHER = 'e2e-p-other';
const USER = 'e2e-p-user';
const NODE_PORT = 30977;
/** What preflight may take in all, with the steps around it: the test bed is small and may be busy. */
const QUICK_MS = 3_000;
/** A machine that was busy for once may try again. */
const ATTEMPTS = 3;

let harness: Harness;
let ending: Awaited<ReturnType<typeof endlessNamespace>>;
let run: RunView;
let findings: RunFindingView[];

beforeAll(async () => {
  harness = await Harness.start({ name: 'preflight-findings' });
  const { source, dest } = harness;
  await Promise.all([source.deleteNamespaces(APPLICATION, ENDING), dest.deleteNamespaces(APPLICATION, OTHER)]);
  await source.apply(...application(APPLICATION, NODE_PORT), namespace(ENDING));
  await source.kubectl('wait', `crd/${WIDGETS}`, '--for=condition=Established', '--timeout=60s');
  await source.apply(widget(APPLICATION));
  await dest.apply(...obstacles(APPLICATION, OTHER, NODE_PORT));
  ending = await endlessNamespace(dest, ENDING);
  run = await harness.api.finished(await harness.start(definition('all obstacles')));
  findings = await findingsOf(run.id);
});

afterAll(async () => {
  if (!harness) return;
  const { source, dest } = harness;
  await ending?.release();
  await Promise.all([source.deleteNamespaces(APPLICATION, ENDING), dest.deleteNamespaces(APPLICATION, OTHER)]);
  await source.kubectl('delete', 'crd', WIDGETS, '--ignore-not-found');
  await Promise.all([source, dest].map((cluster) => removeUser(cluster, USER)));
  await harness.stop();
});

/** Excludes definitions, so that the kind that they define is missing. */
function definition(name: string, selection: object = {}): object {
  return harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: [APPLICATION, ENDING], excludeResourceTypes: ['crd'], ...selection },
  });
}

async function findingsOf(runId: string): Promise<RunFindingView[]> {
  return (await harness.api.call<{ items: RunFindingView[] }>('GET', `/runs/${runId}/findings?limit=500`)).items;
}

test('everything that stands in the way is told at once, each with its object, cluster and cure, and nothing was touched', async () => {
  expect(run.phase).toBe('Failed');
  expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['preflight Failed', 'cleanup Succeeded']);
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ reason, object }) => `${reason} ${object}`).sort()).toEqual([
    `KindNotServed Widget ${APPLICATION}/blue`,
    `NamespaceTerminating Namespace ${ENDING}`,
    `NoNodeSelected Deployment ${APPLICATION}/pinned`,
    `NodePortTaken Service ${APPLICATION}/web`,
    `PodSecurityRefuses Deployment ${APPLICATION}/pinned`,
    `PodSecurityRefuses Deployment ${APPLICATION}/plain`,
    `QuotaExceeded ResourceQuota ${APPLICATION}/small`,
  ]);
  for (const error of errors) expect(error).toMatchObject({ cluster: 'dest', cure: expect.stringMatching(/\.$/) });
  expect(await harness.dest.list('deployments,services', '-n', APPLICATION)).toEqual([]);
  expect(await harness.leftovers(run.id)).toEqual([]);
});

test('each says what was found', () => {
  const messageOf = (reason: string) => findings.find((finding) => finding.reason === reason)?.message;
  expect(messageOf('NodePortTaken')).toContain(`${NODE_PORT}/TCP belongs to Service ${OTHER}/gate`);
  expect(messageOf('NamespaceTerminating')).toContain('example.com/hold');
  expect(messageOf('NoNodeSelected')).toContain('kubernetes.io/hostname=source');
  expect(messageOf('PodSecurityRefuses')).toContain('does not set runAsNonRoot');
  expect(messageOf('QuotaExceeded')).toBe('of pods it allows 1, 0 are used, and 2 would land');
  expect(messageOf('KindNotServed')).toContain(WIDGETS);
});

test('it takes moments', async () => {
  const took = ({ steps: [preflight] }: RunView) => Date.parse(preflight!.finishedAt!) - Date.parse(preflight!.startedAt!);
  let quickest = took(run);
  for (let attempt = 2; attempt <= ATTEMPTS && quickest >= QUICK_MS; attempt += 1) {
    const { id } = await harness.api.call<RunSummary>('POST', '/previews', definition('once more'));
    quickest = Math.min(quickest, took(await harness.api.finished(id)));
  }
  expect(quickest).toBeLessThan(QUICK_MS);
});

test('a preview tells the same, and goes on', async () => {
  const { id } = await harness.api.call<RunSummary>('POST', '/previews', definition('preview'));
  const preview = await harness.api.finished(id);
  expect(preview.steps[0]).toMatchObject({ name: 'preflight', state: 'Succeeded' });
  const told = (await findingsOf(id)).filter(({ step }) => step === 'preflight');
  const errors = (all: RunFindingView[]) => all.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  expect(errors(told).sort()).toEqual(errors(findings).sort());
});

test('what a restricted user may not do is told of both clusters at once', async () => {
  const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
  const workspace = {
    apiGroups: [''],
    resources: ['namespaces', 'pods', 'persistentvolumeclaims', 'secrets'],
    verbs: ['create', 'delete'],
  };
  const volumes = { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['patch'] };
  const allButJobs = {
    apiGroups: ['', 'apps', 'storage.k8s.io', 'apiextensions.k8s.io'],
    resources: ['*'],
    verbs: ['get', 'list', 'watch'],
  };
  const [sourceConfig, destConfig] = await Promise.all([
    restrictedUser(harness.source, USER, [allButJobs, workspace, volumes]),
    restrictedUser(harness.dest, USER, [everything, workspace, volumes]),
  ]);
  const [source, dest] = await Promise.all([
    harness.api.registerCluster('limited source', sourceConfig),
    harness.api.registerCluster('limited dest', destConfig),
  ]);
  expect([source.status.state, dest.status.state]).toEqual(['Active', 'Active']);
  const { id } = await harness.api.call<RunSummary>('POST', '/previews', {
    ...definition('limited', { namespaces: [APPLICATION], resourceTypes: ['deployments', 'services', 'cronjobs'] }),
    sourceClusterId: source.id,
    destination: { type: 'Registered', clusterId: dest.id },
  });
  await harness.api.finished(id, 60_000);
  const told = await findingsOf(id);
  const of = (wanted: string) =>
    told.filter(({ reason }) => reason === wanted).map(({ cluster, object }) => `${cluster}: ${object}`);
  expect(of('CreateForbidden').sort()).toEqual(['limited dest: deployments.apps', 'limited dest: services']);
  expect(of('ListForbidden')).toContain('limited source: cronjobs.batch');
  expect(of('PermissionMissing').sort()).toEqual([
    'limited source: volumesnapshotclasses.snapshot.storage.k8s.io',
    'limited source: volumesnapshotcontents.snapshot.storage.k8s.io',
    'limited source: volumesnapshots.snapshot.storage.k8s.io',
  ]);
});
