import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { decideCreated } from './decide-created.ts';

const RUN = 'run-1';

function live(labels: Record<string, string>, manager = 'godwit', subresource?: string): KubernetesObject {
  const managedFields = [{ manager, operation: 'Update', ...(subresource ? { subresource } : {}) }];
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'a', uid: 'u1', labels, managedFields } };
}

const ours = { 'godwit.io/run': RUN };

test('what the run has noted and still carries its label is deleted, whoever has changed it since', () => {
  expect(decideCreated(live(ours), { uid: 'u1' }, RUN)).toEqual({ action: 'delete' });
  expect(decideCreated(live(ours, 'kubectl-edit'), { uid: 'u1' }, RUN)).toEqual({ action: 'delete' });
  expect(decideCreated(live(ours), {}, RUN)).toEqual({ action: 'delete' });
});

test('what was made anew or taken over is left', () => {
  expect(decideCreated(live(ours), { uid: 'u0' }, RUN)).toMatchObject({
    action: 'leave',
    reason: expect.stringContaining('UID'),
  });
  expect(decideCreated(live({}), { uid: 'u1' }, RUN)).toMatchObject({
    action: 'leave',
    reason: expect.stringContaining('label'),
  });
  expect(decideCreated(live({ 'godwit.io/run': 'run-2' }), { uid: 'u1' }, RUN)).toMatchObject({ action: 'leave' });
});

test('of what was not noted only that is deleted which we wrote, and not what somebody copied', () => {
  expect(decideCreated(live(ours), undefined, RUN)).toEqual({ action: 'delete' });
  expect(decideCreated(live(ours, 'kube-controller-manager'), undefined, RUN)).toEqual({ action: 'ignore' });
  expect(decideCreated(live(ours, 'godwit', 'status'), undefined, RUN)).toEqual({ action: 'ignore' });
  expect(decideCreated(live({}), undefined, RUN)).toEqual({ action: 'ignore' });
});

test('a volume that a provisioner made is left to its claim, though it was handed over by us', () => {
  const volume = live(ours);
  volume.metadata.annotations = { 'pv.kubernetes.io/provisioned-by': 'csi.example.com' };
  expect(decideCreated(volume, undefined, RUN)).toEqual({ action: 'ignore' });
});
