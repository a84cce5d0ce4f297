import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { decideRestore } from './decide-restore.ts';

const APPLIED = new Date('2030-01-01T10:00:30Z');

interface Entry {
  manager: string;
  time: string;
  subresource?: string;
}

const at = (manager: string, time: string, subresource?: string): Entry => ({
  manager,
  time: `2030-01-01T${time}Z`,
  ...(subresource ? { subresource } : {}),
});

function configMap(data: object, managedFields: Entry[], resourceVersion = '5', uid = 'u1'): KubernetesObject {
  const metadata = { namespace: 'shop', name: 'a', uid, resourceVersion, generation: Number(resourceVersion), managedFields };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data, status: { seen: resourceVersion } };
}

const previous = configMap({ a: '1' }, [at('kubectl', '09:00:00')], '1');
const byRun = [at('kubectl', '09:00:00'), at('godwit', '10:00:10')];

test('what only the run has changed is put back, guarded by the version that was seen', () => {
  const decision = decideRestore(configMap({ a: '2' }, byRun), previous, APPLIED);
  expect(decision).toEqual({
    action: 'replace',
    manifest: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...previous.metadata, resourceVersion: '5' },
      data: { a: '1' },
    },
  });
});

test('what controllers wrote into subresources is no change by others', () => {
  const live = configMap({ a: '2' }, [...byRun, at('kube-controller-manager', '10:05:00', 'status')]);
  expect(decideRestore(live, previous, APPLIED)).toMatchObject({ action: 'replace' });
});

test('what is as it was needs nothing, whoever has written it', () => {
  const live = configMap({ a: '1' }, [at('kubectl', '11:00:00'), at('godwit', '12:00:00')]);
  expect(decideRestore(live, previous, APPLIED)).toEqual({ action: 'none' });
});

test('what others, or a later run, have changed since is left, and it is said who did', () => {
  const reason = (live: KubernetesObject | undefined) => {
    const decision = decideRestore(live, previous, APPLIED);
    return decision.action === 'leave' ? decision.reason : decision.action;
  };
  expect(reason(configMap({ a: '3' }, [...byRun, at('kubectl-edit', '10:00:20')]))).toBe(
    'it was changed since the run, by kubectl-edit (2030-01-01T10:00:20.000Z)',
  );
  expect(reason(configMap({ a: '3' }, [at('godwit', '11:00:00')]))).toMatch(/a later run of godwit/);
  expect(reason(configMap({ a: '3' }, [at('kubectl-edit', '10:00:20')]))).toMatch(/nothing that the run wrote is left/);
  expect(reason(configMap({ a: '3' }, byRun, '5', 'u2'))).toMatch(/another UID/);
  expect(reason(undefined)).toMatch(/was deleted since/);
});
