import type { MoverConfig } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { buildMoverPod, buildMoverSecret, type MoverMount, type MoverRequest } from './mover-manifests.ts';

const SECRET = 'a-secret-key';

function request(mode: 'Filesystem' | 'Block', mount: Partial<MoverMount> = {}): MoverRequest {
  const config = {
    version: 1,
    action: 'copy',
    volume: { id: 'v1', mode, path: '/volume' },
    archive: { prefix: 'runs/r1/volumes/v1', key: SECRET },
  } as MoverConfig;
  return {
    runId: 'r1',
    stepName: 'copy-volume',
    volumeId: 'v1',
    image: 'mover:1',
    mount: { claimName: 'claim', ...mount },
    config,
  };
}

test('a mover has no token of the cluster and only the capabilities that it needs', () => {
  const { spec } = buildMoverPod(request('Filesystem'));
  expect(spec).toMatchObject({
    automountServiceAccountToken: false,
    restartPolicy: 'Never',
    containers: [
      { securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } },
    ],
  });
  expect(JSON.stringify(spec)).not.toMatch(/privileged|SYS_ADMIN|host(Path|Network|PID)/);
});

test('secrets are in its Secret and not in its pod', () => {
  expect(JSON.stringify(buildMoverSecret(request('Filesystem')))).toContain(SECRET);
  expect(JSON.stringify(buildMoverPod(request('Filesystem')))).not.toContain(SECRET);
});

test('a block volume is a device, a file system is mounted', () => {
  const container = (mode: 'Filesystem' | 'Block') =>
    (buildMoverPod(request(mode)).spec as { containers: { volumeMounts: { name: string }[]; volumeDevices?: object[] }[] })
      .containers[0]!;
  expect(container('Block').volumeDevices).toEqual([{ name: 'volume', devicePath: '/volume' }]);
  expect(container('Block').volumeMounts.map(({ name }) => name)).toEqual(['config']);
  expect(container('Filesystem').volumeDevices).toBeUndefined();
  expect(container('Filesystem').volumeMounts.map(({ name }) => name)).toEqual(['config', 'volume']);
});

test('a volume that is only read is mounted so, and a mover goes where its volume is attached', () => {
  type Spec = {
    affinity?: object;
    volumes: { persistentVolumeClaim?: object }[];
    containers: { volumeMounts: { name: string; readOnly?: boolean }[] }[];
  };
  const spec = (mount: Partial<MoverMount>) => buildMoverPod(request('Filesystem', mount)).spec as unknown as Spec;
  const live = spec({ readOnly: true, nodes: ['n1'] });
  expect(live.volumes[1]?.persistentVolumeClaim).toEqual({ claimName: 'claim', readOnly: true });
  expect(live.containers[0]?.volumeMounts).toContainEqual({ name: 'volume', mountPath: '/volume', readOnly: true });
  expect(live.affinity).toMatchObject({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }],
      },
    },
  });
  expect(spec({}).volumes[1]?.persistentVolumeClaim).toEqual({ claimName: 'claim', readOnly: false });
  expect(spec({ nodes: [] }).affinity).toBeUndefined();
});
