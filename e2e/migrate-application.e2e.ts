import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace, script, service, statefulSet } from './support/manifests.ts';

jest.setTimeout(300_000);

const SOURCE = 'e2e-app';
const TARGET = 'e2e-app-moved';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'migrate-application' });
  await Promise.all([harness.source.deleteNamespaces(SOURCE), harness.dest.deleteNamespaces(TARGET)]);
  await harness.source.apply(
    namespace(SOURCE, { team: 'shop' }),
    configMap(SOURCE, 'settings', { colour: 'green' }),
    { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: SOURCE, name: 'password' }, stringData: { password: 'wit' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: SOURCE, name: 'reader' } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { namespace: SOURCE, name: 'read' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { namespace: SOURCE, name: 'read' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read' },
      subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: SOURCE }],
    },
    claim(SOURCE, 'files'),
    claim(SOURCE, 'cache', 'fast'),
    claim(SOURCE, 'unattached'),
    deployment(SOURCE, 'web', ['files', 'cache'], { serviceAccountName: 'reader' }),
    statefulSet(SOURCE, 'db', 2),
    service(SOURCE, 'web'),
    service(SOURCE, 'db', { clusterIP: 'None' }),
  );
  await harness.source.ready(SOURCE, 'deployment/web', 'statefulset/db');
  await harness.source.exec(
    SOURCE,
    'deploy/web',
    'mkdir /files/a; echo hello >/files/a/b; ln -s a/b /files/link; head -c 3000000 /dev/urandom >/files/big; chown 12:34 /files/big; chmod 4750 /files/big',
  );
  // No pod uses it when it is moved.
  await harness.source.runOnce(script(SOURCE, 'fill', ['unattached'], `echo kept >/unattached/name`));
  await harness.source.exec(SOURCE, 'db-0', 'echo zero >/data/id');
  await harness.source.exec(SOURCE, 'db-1', 'echo one >/data/id');
});

afterAll(async () => {
  if (!harness) return;
  await Promise.all([harness.source.deleteNamespaces(SOURCE), harness.dest.deleteNamespaces(TARGET)]);
  await harness.stop();
});

const LISTING = 'cd /files; find . | sort | xargs stat -c "%n %a %u %g %s %F"; md5sum big a/b; readlink link';

test('an application moves with its data into a renamed namespace and another storage class', async () => {
  const before = await harness.source.exec(SOURCE, 'deploy/web', LISTING);
  const pods = await harness.source.list('pods', '-n', SOURCE);
  const run = await harness.migrate(
    harness.definition('app', {
      selection: { scope: 'Namespaces', namespaces: [SOURCE] },
      transforms: { renameNamespaces: { suffix: '-moved' }, storageClasses: { standard: 'archive-tier' } },
    }),
  );

  await harness.dest.ready(TARGET, 'deployment/web', 'statefulset/db');
  expect(await harness.dest.exec(TARGET, 'deploy/web', LISTING)).toBe(before);
  expect(await harness.dest.exec(TARGET, 'db-0', 'cat /data/id')).toBe('zero\n');
  expect(await harness.dest.exec(TARGET, 'db-1', 'cat /data/id')).toBe('one\n');

  const claims = JSON.parse(await harness.dest.kubectl('get', 'pvc', '-n', TARGET, '-o', 'json')).items;
  const classes = Object.fromEntries(
    claims.map((pvc: { metadata: { name: string }; spec: { storageClassName: string } }) => [
      pvc.metadata.name,
      pvc.spec.storageClassName,
    ]),
  );
  expect(classes).toEqual({
    files: 'archive-tier',
    cache: 'fast',
    unattached: 'archive-tier',
    'data-db-0': 'archive-tier',
    'data-db-1': 'archive-tier',
  });
  for (const pvc of claims) expect(pvc.status.phase).toBe('Bound');
  const volumes = JSON.parse(await harness.dest.kubectl('get', 'pv', '-o', 'json')).items;
  const ours = volumes.filter((pv: { spec: { claimRef?: { namespace: string } } }) => pv.spec.claimRef?.namespace === TARGET);
  expect(ours.map((pv: { spec: { persistentVolumeReclaimPolicy: string } }) => pv.spec.persistentVolumeReclaimPolicy)).toEqual([
    'Delete',
    'Delete',
    'Delete',
    'Delete',
    'Delete',
  ]);

  expect(await harness.dest.runOnce(script(TARGET, 'look', ['unattached'], 'cat /unattached/name'))).toBe('kept\n');

  expect((await harness.dest.get('configmap', TARGET, 'settings')).data).toEqual({ colour: 'green' });
  expect((await harness.dest.get('secret', TARGET, 'password')).data).toEqual({
    password: Buffer.from('wit').toString('base64'),
  });
  expect((await harness.dest.get('namespace', '', TARGET)).metadata.labels).toMatchObject({ team: 'shop' });
  expect((await harness.dest.get('rolebinding', TARGET, 'read')).subjects).toEqual([
    { kind: 'ServiceAccount', name: 'reader', namespace: TARGET },
  ]);
  const mayRead = await harness.dest.kubectl(
    'auth',
    'can-i',
    'get',
    'configmaps',
    '-n',
    TARGET,
    `--as=system:serviceaccount:${TARGET}:reader`,
  );
  expect(mayRead.trim()).toBe('yes');
  const headless = await harness.dest.get<never>('service', TARGET, 'db');
  expect(headless).toMatchObject({ spec: { clusterIP: 'None' } });

  expect(
    run.volumes.map(({ name, copy, restore }) => [name, copy?.digest !== undefined && copy.digest === restore?.digest]),
  ).toEqual(run.volumes.map(({ name }) => [name, true]));
  expect(run.volumes).toHaveLength(5);
  expect(await harness.source.exec(SOURCE, 'deploy/web', LISTING)).toBe(before);
  expect(await harness.source.list('pods', '-n', SOURCE)).toEqual(pods);
  expect(await harness.leftovers(run.id)).toEqual([]);
});
