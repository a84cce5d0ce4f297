import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { RunObject } from '@godwit/db/run-object-store';
import type { RunVolume } from '@godwit/db/volume-store';
import { expect, test } from '@jest/globals';
import { checkVolumes } from './check-volumes.ts';
import { expectations } from './expectations.ts';
import { failedObject, verifyFailed } from './verify-failed.ts';

const there = (kind: string, name: string, outcome: RunObject['outcome'], reason?: string): RunObject => ({
  apiVersion: 'apps/v1',
  kind,
  namespace: 'shop-new',
  name,
  outcome,
  ...(reason ? { reason } : {}),
});

async function* captured(...names: [kind: string, name: string, readyReplicas: number][]): AsyncGenerator<CapturedObject> {
  for (const [kind, name, readyReplicas] of names) {
    yield { object: { apiVersion: 'apps/v1', kind, metadata: { namespace: 'shop', name }, status: { readyReplicas } } };
  }
}

test('what the run made or changed has to become as ready as it was on the source, under its new namespace', async () => {
  const objects = [
    there('Deployment', 'web', 'Created'),
    there('Deployment', 'api', 'Updated'),
    there('Deployment', 'left', 'Skipped'),
    there('Deployment', 'down', 'Created'),
    there('ConfigMap', 'web', 'Created'),
  ];
  const source = captured(
    ['ConfigMap', 'web', 1],
    ['Deployment', 'web', 2],
    ['Deployment', 'api', 1],
    ['Deployment', 'left', 1],
    ['Deployment', 'down', 0],
  );
  expect(await expectations(objects, source, { shop: 'shop-new' })).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop-new', name: 'web', wanted: 2, severity: 'error' },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop-new', name: 'api', wanted: 1, severity: 'error' },
  ]);
});

test('kinds of the same name but of other groups are told apart', async () => {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  async function* source(): AsyncGenerator<CapturedObject> {
    for (const apiVersion of ['a.example.com/v1', 'b.example.com/v1']) {
      yield { object: { apiVersion, kind: 'Widget', metadata: { namespace: 'shop', name: 'one' }, status: ready } };
    }
  }
  const made = { ...there('Widget', 'one', 'Created'), apiVersion: 'b.example.com/v2' };
  expect(await expectations([made], source(), { shop: 'shop-new' })).toEqual([
    { apiVersion: 'b.example.com/v2', kind: 'Widget', namespace: 'shop-new', name: 'one', wanted: 1, severity: 'warning' },
  ]);
});

const volume = (copy?: string, restore?: string, skipReason?: string) =>
  ({
    targetNamespace: 'shop-new',
    name: 'data',
    ...(copy ? { copy: { digest: copy } } : {}),
    ...(restore ? { restore: { digest: restore } } : {}),
    ...(skipReason ? { skipReason } : {}),
  }) as RunVolume;

test('the digests of both sides must be there and equal, but for volumes that are not moved', () => {
  expect(checkVolumes([volume('a', 'a'), volume(undefined, undefined, 'no snapshots')])).toEqual({ moved: 1, problems: [] });
  const reasons = (...volumes: RunVolume[]) => checkVolumes(volumes).problems.map(({ reason }) => reason);
  expect(reasons(volume('a', 'b'), volume('a'), volume())).toEqual(['VolumeDiffers', 'VolumeNotRestored', 'VolumeNotCopied']);
});

test('the error names each object and why', () => {
  const problems = [failedObject(there('Deployment', 'web', 'Failed', 'quota exceeded'))];
  expect(verifyFailed('dest', problems)).toMatchObject({
    kind: 'fatal',
    reason: 'VerifyFailed',
    message: 'cluster "dest": one thing is not as promised: Deployment shop-new/web: could not be applied: quota exceeded',
    subject: { cluster: 'dest', object: 'Deployment shop-new/web' },
  });
});
