import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import { transformContext } from '@godwit/transforms/transform-context';
import { expect, test } from '@jest/globals';
import { planObject } from './plan-object.ts';

const context = transformContext(RestoreTransforms.parse({}), { runId: 'run', namespaces: { shop: 'moved' }, types: [] });
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-o' };

test('an object goes to its namespace on the destination; what it was on the source is kept beside', () => {
  const metadata = { name: 'a', namespace: 'shop', uid: 'u', resourceVersion: '7', ownerReferences: [owner] };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } };
  const planned = planObject({ object, includedBecause: 'web mounts it' }, context);
  expect(planned).toMatchObject({
    manifest: { kind: 'ConfigMap', metadata: { name: 'a', namespace: 'moved' }, data: { a: '1' } },
    source: { uid: 'u', namespace: 'shop', name: 'a', ownerReferences: [owner] },
    includedBecause: 'web mounts it',
    findings: [],
  });
  expect(planned.manifest.metadata).not.toHaveProperty('ownerReferences');
  expect(planned.verdict).toBeUndefined();
});

test('what the transforms leave out is skipped, by the name it would have', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv', annotations: { 'pv.kubernetes.io/provisioned-by': 'dir.csi.testbed' } },
    spec: { csi: { driver: 'dir.csi.testbed', volumeHandle: 'v' }, claimRef: { namespace: 'shop', name: 'data' } },
  };
  const planned = planObject({ object }, context);
  expect(planned).toMatchObject({
    manifest: { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' } },
    verdict: { outcome: 'Skipped', reason: expect.stringMatching(/./) },
  });
});

test('an object that cannot be read fails alone', () => {
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' }, spec: { ports: 'nothing' } };
  const planned = planObject({ object }, context);
  expect(planned).toMatchObject({
    manifest: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'moved' } },
    verdict: { outcome: 'Failed', reason: expect.stringContaining('not what its kind should look like') },
    findings: [{ severity: 'error', reason: 'ManifestUnreadable', object: 'Service shop/a' }],
  });
});
