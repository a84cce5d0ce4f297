import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, RUN_LABEL, VOLUME_LABEL } from '@godwit/contracts/labels';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import { deleteGodwitNamespace, ensureGodwitNamespace } from '@godwit/kube/godwit-namespace';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';
import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { rebindVolume } from '../apps/restore-service/src/apply/rebind-volume.ts';
import { TestCluster } from './support/cluster.ts';
import { Killed, KilledClient } from './support/killed-client.ts';
import { claim, namespace } from './support/manifests.ts';

jest.setTimeout(600_000);

const RUN = '0e2e0000-0000-4000-8000-000000000001';
const TARGET = 'e2e-rebind';
/** More than a rebinding sends. */
const MOST_REQUESTS = 40;
const CLASSES = ['standard', 'fast'];

const dest = new TestCluster('dest');
const noSignal = new AbortController().signal;

let client: KubeClient;

beforeAll(async () => {
  client = new KubeClient(kubeconfig(), 'dest');
  await sweep();
  await ensureGodwitNamespace(client);
  await dest.apply(namespace(TARGET));
});

afterAll(async () => {
  await sweep();
  if (client) await deleteGodwitNamespace(client);
  await client?.close();
});

test('a volume is handed over with its data wherever the process is killed on the way', async () => {
  const handedOver: string[] = [];
  for (let requests = 1, killed = true; killed; requests++) {
    expect(requests).toBeLessThan(MOST_REQUESTS);
    const name = `data-${requests}`;
    const { pv, moved, manifest } = await fill(name, CLASSES[requests % CLASSES.length]!);
    const doomed = new KilledClient(kubeconfig(), requests);
    killed = await rebindVolume({ client: doomed, runId: RUN, signal: noSignal }, manifest, moved).then(
      () => false,
      (error) => {
        if (error instanceof Killed) return true;
        throw error;
      },
    );
    await doomed.close();

    const result = await rebindVolume({ client, runId: RUN, signal: noSignal }, manifest, moved);
    expect(result).toMatchObject({ outcome: 'Created', live: { spec: { volumeName: pv }, status: { phase: 'Bound' } } });
    await expectReleased(pv);
    handedOver.push(name);
  }
  // Five requests change something; the kills lie before, between and after them.
  expect(handedOver.length).toBeGreaterThan(5);

  await dest.apply(pod(TARGET, 'reader', handedOver));
  await dest.kubectl('wait', 'pod/reader', '-n', TARGET, '--for=condition=Ready', '--timeout=120s');
  for (const name of handedOver) expect(await dest.exec(TARGET, 'reader', `cat /${name}/mark`)).toBe(`${name}\n`);
});

test('a claim of others keeps its data, and so does ours', async () => {
  await dest.apply(claim(TARGET, 'taken'));
  const { pv, moved, manifest } = await fill('taken', 'standard');
  await expect(rebindVolume({ client, runId: RUN, signal: noSignal }, manifest, moved)).rejects.toMatchObject({
    kind: 'fatal',
    reason: 'VolumeExists',
    subject: { cluster: 'dest', object: `PersistentVolumeClaim ${TARGET}/taken` },
  });
  const volume = await client.get<Volume>(PERSISTENT_VOLUME, undefined, pv);
  expect(volume.spec.claimRef).toMatchObject({ namespace: GODWIT_NAMESPACE, name: moved.claimName });

  // Its owner lets it go, as the error says; a pod that still uses it would hold it for a while.
  await dest.kubectl('delete', 'pvc', 'taken', '-n', TARGET, '--wait=false');
  const result = await rebindVolume({ client, runId: RUN, signal: noSignal }, manifest, moved);
  expect(result).toMatchObject({ outcome: 'Created', live: { spec: { volumeName: pv } } });
});

test('a volume that was handed over and whose claim lost the label of the run is left as it is', async () => {
  const { pv, moved, manifest } = await fill('data-unlabelled', 'standard');
  await rebindVolume({ client, runId: RUN, signal: noSignal }, manifest, moved);
  await dest.kubectl('label', 'pvc', 'data-unlabelled', '-n', TARGET, `${RUN_LABEL}-`);
  const again = await rebindVolume({ client, runId: RUN, signal: noSignal }, manifest, moved);
  expect(again).toMatchObject({ outcome: 'Skipped', warning: true, live: { spec: { volumeName: pv } } });
  await expectReleased(pv);
});

test('a volume that somebody deleted meanwhile is named', async () => {
  const source = { pvLabels: {}, pvReclaimPolicy: 'Delete' } as VolumeSource;
  const moved = { id: 'never-was', claimName: 'e2e-rebind-never-was', source };
  await expect(rebindVolume({ client, runId: RUN, signal: noSignal }, labelled('lost', 'standard'), moved)).rejects.toMatchObject(
    {
      kind: 'fatal',
      reason: 'RestoredVolumeMissing',
      message: expect.stringContaining(`PersistentVolumeClaim ${TARGET}/lost`),
    },
  );
});

interface Volume extends KubernetesObject {
  spec: { persistentVolumeReclaimPolicy: string; claimRef: object };
}

/** A claim of ours with a mark in it, as a restore leaves it. */
async function fill(name: string, storageClass: string) {
  const claimName = `e2e-rebind-${name}`;
  const ours = claim(GODWIT_NAMESPACE, claimName, storageClass);
  const marked = { ...ours, metadata: { ...ours.metadata, labels: { [RUN_LABEL]: RUN } } };
  await dest.apply(marked, pod(GODWIT_NAMESPACE, claimName, [claimName], `echo ${name} >/${claimName}/mark`));
  const finished = '--for=jsonpath={.status.phase}=Succeeded';
  await dest.kubectl('wait', `pod/${claimName}`, '-n', GODWIT_NAMESPACE, finished, '--timeout=120s');
  await dest.kubectl('delete', 'pod', claimName, '-n', GODWIT_NAMESPACE, '--wait');
  const { spec } = await dest.get<KubernetesObject & { spec: { volumeName: string } }>('pvc', GODWIT_NAMESPACE, claimName);
  const source = { pvLabels: { tier: name, 'topology.kubernetes.io/zone': 'far' }, pvReclaimPolicy: 'Delete' } as unknown;
  return {
    pv: spec.volumeName,
    moved: { id: `volume-${name}`, claimName, source: source as VolumeSource },
    manifest: labelled(name, storageClass),
  };
}

async function expectReleased(name: string): Promise<void> {
  const { metadata, spec } = await client.get<Volume>(PERSISTENT_VOLUME, undefined, name);
  expect(spec.persistentVolumeReclaimPolicy).toBe('Delete');
  expect(metadata.labels).toMatchObject({ tier: expect.stringMatching(/^data-/) });
  expect(metadata.labels).not.toHaveProperty([RUN_LABEL]);
  expect(metadata.labels).not.toHaveProperty([VOLUME_LABEL]);
  expect(metadata.labels).not.toHaveProperty(['topology.kubernetes.io/zone']);
  expect(metadata.annotations).not.toHaveProperty(['godwit.io/rebinding']);
}

function labelled(name: string, storageClass: string): KubernetesObject {
  const made = claim(TARGET, name, storageClass);
  return { ...made, metadata: { ...made.metadata, labels: { [RUN_LABEL]: RUN } } };
}

/** Runs a script to its end, or sleeps. */
function pod(ns: string, name: string, claims: string[], script = 'exec sleep inf') {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: ns, name, labels: { [RUN_LABEL]: RUN } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: 'busybox:1',
          command: ['sh', '-c', script],
          volumeMounts: claims.map((claimName) => ({ name: claimName, mountPath: `/${claimName}` })),
        },
      ],
      volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    },
  };
}

async function sweep(): Promise<void> {
  await dest.deleteNamespaces(TARGET);
  const ours = ['-n', GODWIT_NAMESPACE, '-l', `${RUN_LABEL}=${RUN}`];
  await dest.kubectl('delete', 'pods,persistentvolumeclaims', '--wait', '--timeout=120s', ...ours);
}

function kubeconfig() {
  const checked = checkKubeconfig(dest.kubeconfig);
  if (!checked.ok) throw new Error(checked.problems[0]?.message);
  return checked.kubeconfig;
}
