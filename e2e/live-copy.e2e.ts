import type { AppHookView, RunView } from '@godwit/contracts/api';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace, staticVolume } from './support/manifests.ts';

jest.setTimeout(300_000);

const SOURCE = 'e2e-live';
const LOST = 'e2e-live-lost';
const LIVE_CLASS = 'archive-tier';
/** No driver and no StorageClass stands behind it. */
const STATIC_CLASS = 'e2e-live-static';
const DISK = '/var/tmp/e2e-live-disk';
const SPEED = 3;
const MEGABYTES = 12;

let harness: Harness;

const deleteAll = async () => {
  await Promise.all([
    harness.source.deleteNamespaces(SOURCE, LOST),
    harness.dest.deleteNamespaces(`${SOURCE}-moved`, `${SOURCE}-cancelled`, `${LOST}-moved`),
  ]);
  await harness.source.kubectl('delete', 'pv', '--ignore-not-found', 'e2e-live-disk', 'e2e-live-share', 'e2e-live-nfs');
  await harness.dest.kubectl('delete', 'pv', '--ignore-not-found', 'e2e-live-share');
};

beforeAll(async () => {
  harness = await Harness.start({ name: 'live-copy' });
  await deleteAll();
  await harness.source.apply(
    namespace(SOURCE),
    namespace(LOST),
    claim(SOURCE, 'live', LIVE_CLASS),
    claim(SOURCE, 'device', LIVE_CLASS, '16Mi', 'Block'),
    claim(SOURCE, 'shown'),
    ...staticVolume('e2e-live-disk', SOURCE, 'disk', STATIC_CLASS, { hostPath: { path: DISK, type: 'DirectoryOrCreate' } }),
    ...staticVolume('e2e-live-share', SOURCE, 'share', '', { nfs: { server: 'files.example', path: '/shop' } }),
    deployment(SOURCE, 'web', ['live', 'shown', 'disk']),
    claim(LOST, 'live', LIVE_CLASS),
    ...staticVolume('e2e-live-nfs', LOST, 'share', '', { nfs: { server: '127.0.0.1', path: '/nowhere' } }),
    deployment(LOST, 'web', ['live']),
  );
  await Promise.all([harness.source.ready(SOURCE, 'deployment/web'), harness.source.ready(LOST, 'deployment/web')]);
  await harness.source.exec(
    SOURCE,
    'deploy/web',
    `for c in live shown disk; do echo $c >/$c/name; done; head -c ${MEGABYTES}000000 /dev/urandom >/live/big`,
  );
  await harness.source.exec(LOST, 'deploy/web', 'echo lost >/live/name');
});

afterAll(async () => {
  if (!harness) return;
  await harness.source.exec(SOURCE, 'deploy/web', 'rm -rf /disk/*').catch(() => {});
  await deleteAll();
  await harness.stop();
});

/** Without what the writer writes. */
const DATA = 'cat /live/name /shown/name /disk/name; md5sum /live/big';

function definition(ns: string, suffix: string, copy: object = {}, staticVolumes = 'Recreate') {
  return harness.definition(`${ns}${suffix}`, {
    selection: { scope: 'Namespaces', namespaces: [ns], staticVolumes },
    copy: {
      maxSpeedPerStreamMBps: SPEED,
      concurrentStreams: 4,
      live: { storageClasses: [LIVE_CLASS], withoutSnapshots: true },
      readOnlyStorageClasses: ['standard'],
      ...copy,
    },
    transforms: { renameNamespaces: { suffix }, storageClasses: { [STATIC_CLASS]: 'standard' } },
  });
}

interface Volume extends KubernetesObject {
  spec: { claimRef?: { namespace: string; name: string }; persistentVolumeReclaimPolicy: string; storageClassName?: string };
}

/** The volumes of the user's claims, and their pods, as the source has them: nothing of it may change. */
async function usersOwn(ns: string): Promise<object> {
  const pods = JSON.parse(await harness.source.kubectl('get', 'pods', '-n', ns, '-o', 'json')).items as KubernetesObject[];
  const { items } = JSON.parse(await harness.source.kubectl('get', 'pv', '-o', 'json')) as { items: Volume[] };
  return {
    pods: pods.map(({ metadata, status }) => [
      metadata.uid,
      (status as { containerStatuses: { restartCount: number }[] }).containerStatuses.map(({ restartCount }) => restartCount),
    ]),
    volumes: items
      .filter(({ spec }) => spec.claimRef?.namespace === ns)
      .map(({ metadata: { managedFields: _, ...metadata }, spec, status }) => ({ metadata, spec, status }))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
  };
}

const ofRun = async (kind: string, runId: string): Promise<KubernetesObject[]> => {
  const list = await harness.source.kubectl(
    'get',
    kind,
    '-A',
    '-l',
    `godwit.io/run=${runId}`,
    '--ignore-not-found',
    '-o',
    'json',
  );
  return list ? JSON.parse(list).items : [];
};

/** Of each volume that is read something is known, so its mover runs, and all that it needs is there. */
const allBegun = ({ volumes }: RunView) => volumes.length > 0 && volumes.every(({ skipReason, copy }) => skipReason || copy);
const copyingLive = (run: RunView) => run.volumes.some(({ name, copy }) => name === 'live' && (copy?.bytesDone ?? 0) > 0);

test('volumes are read live by class and for want of snapshots, others read-only; hooks after it wait for the live ones', async () => {
  const save = (name: string, type: string, script: string) =>
    harness.api.call<AppHookView>('POST', '/app-hooks', { name, type, labels: 'app:web', command: ['sh', '-c', script] });
  // It writes until it is told to rest, says that it does, and rests until it is told to go on.
  await harness.source.exec(
    SOURCE,
    'deploy/web',
    `touch /tmp/go; (while [ -e /tmp/go ] || [ -e /tmp/rest ]; do if [ -e /tmp/rest ]; then touch /tmp/rests; else echo line >>/live/log; fi; usleep 20000; done) </dev/null >/dev/null 2>&1 &`,
  );
  const pre = await save(
    'rest',
    'Pre',
    'touch /tmp/rest; until [ -e /tmp/rests ]; do usleep 20000; done; md5sum /live/log >/live/sum',
  );
  const post = await save('go on', 'Post', 'rm /tmp/rest');
  const before = await usersOwn(SOURCE);
  const data = await harness.source.exec(SOURCE, 'deploy/web', DATA);

  const id = await harness.start({
    ...definition(SOURCE, '-moved'),
    hooks: { sourcePre: [{ hookId: pre.id }], sourcePost: [{ hookId: post.id }] },
  });
  await harness.api.until(id, allBegun);
  const idOf = new Map((await harness.api.run(id)).volumes.map((volume) => [volume.name, volume.id]));
  const handles = (await ofRun('pv', id)) as Volume[];
  expect(handles.map(({ metadata }) => metadata.name).sort()).toEqual(
    ['live', 'device', 'disk'].map((name) => `godwit-${idOf.get(name)}`).sort(),
  );
  expect(
    handles.map(({ spec }) => [spec.persistentVolumeReclaimPolicy, spec.storageClassName ?? '', spec.claimRef?.namespace]),
  ).toEqual(handles.map(() => ['Retain', '', 'godwit-system']));
  const shown = await harness.source.get('pvc', 'godwit-system', `godwit-${idOf.get('shown')}`);
  expect(shown).toMatchObject({ spec: { accessModes: ['ReadOnlyMany'] }, status: { accessModes: ['ReadOnlyMany'] } });

  const run = await harness.api.finished(id);
  if (run.phase !== 'Succeeded') throw new Error(await harness.api.story(id));
  const moved = run.volumes.filter(({ skipReason }) => !skipReason);
  expect(moved.map(({ name, copy, restore }) => [name, copy?.digest !== undefined && copy.digest === restore?.digest])).toEqual(
    ['device', 'disk', 'live', 'shown'].map((name) => [name, true]),
  );
  // The share is the same one there.
  const share = await harness.dest.get<Volume>('pv', '', 'e2e-live-share');
  expect(share).toMatchObject({
    spec: { nfs: { server: 'files.example', path: '/shop' }, claimRef: { namespace: `${SOURCE}-moved`, name: 'share' } },
    status: { phase: 'Bound' },
  });
  await harness.dest.ready(`${SOURCE}-moved`, 'deployment/web');
  expect(await harness.dest.exec(`${SOURCE}-moved`, 'deploy/web', DATA)).toBe(data);
  // Had the application gone on before its volume was read, the log would have more than its sum was made of.
  expect(await harness.dest.exec(`${SOURCE}-moved`, 'deploy/web', 'md5sum -c /live/sum')).toBe('/live/log: OK\n');
  const postHooks = run.steps.find(({ name }) => name === 'post-hooks')!;
  const live = run.volumes.find(({ name }) => name === 'live')!;
  expect(Date.parse(postHooks.startedAt!)).toBeGreaterThanOrEqual(Date.parse(live.copy!.finishedAt!));

  // The application goes on with the volume that it has.
  await harness.source.exec(SOURCE, 'deploy/web', 'n=$(wc -l </live/log); sleep 2; [ $(wc -l </live/log) -gt $n ] && rm /tmp/go');
  expect(await harness.source.exec(SOURCE, 'deploy/web', DATA)).toBe(data);
  expect(await usersOwn(SOURCE)).toEqual(before);
  expect(await harness.leftovers(id)).toEqual([]);
});

test('a live copy that is cancelled in its middle, by services that were killed, leaves the data and nothing else', async () => {
  const before = await usersOwn(SOURCE);
  const data = await harness.source.exec(SOURCE, 'deploy/web', DATA);
  const id = await harness.start(definition(SOURCE, '-cancelled'));
  await harness.api.until(id, copyingLive);
  harness.stack.kill('snapshot-service', 'SIGKILL');
  harness.stack.kill('data-mover-service', 'SIGKILL');
  await harness.api.cancel(id);
  const run = await harness.api.finished(id);
  expect(run.phase).toBe('Cancelled');
  expect(await harness.leftovers(id)).toEqual([]);
  expect(await usersOwn(SOURCE)).toEqual(before);
  expect(await harness.source.exec(SOURCE, 'deploy/web', DATA)).toBe(data);
  // No hooks: the warning says what a live copy is, and of which claims.
  const warned = (await harness.api.log(id)).filter(
    ({ data }) => (data as { reason?: string } | undefined)?.reason === 'LiveCopy',
  );
  expect(warned.map(({ level, message }) => [level, message.split(' ')[1]]).sort()).toEqual([
    ['warning', `${SOURCE}/disk:`],
    ['warning', `${SOURCE}/live:`],
  ]);
});

test('a share that cannot be mounted ends the run, says so, and leaves the data of the other', async () => {
  const before = await usersOwn(LOST);
  const id = await harness.start(definition(LOST, '-moved', { moverPodTimeoutSeconds: 25 }, 'Copy'));
  const run = await harness.api.finished(id);
  expect(run).toMatchObject({ phase: 'Failed', error: { reason: 'MoverPodTimeout' } });
  // The second volume for a share was bound, and the node tried to mount it.
  expect(run.error?.evidence?.events.join()).toMatch(/FailedMount/);
  const events = (await harness.api.log(id)).map(({ message, data }) => `${message} ${JSON.stringify(data)}`).join('\n');
  expect(events).toMatch(/FailedMount.*127\.0\.0\.1:\/nowhere/s);
  expect(await harness.leftovers(id)).toEqual([]);
  expect(await usersOwn(LOST)).toEqual(before);
  expect(await harness.source.exec(LOST, 'deploy/web', 'cat /live/name')).toBe('lost\n');
});
