import { expect, test } from '@jest/globals';
import { attachedTo, isOfOneNode, type MountingPod, type VolumeAttachment } from './attachment.ts';

function pod(claimName: string, nodeName?: string, phase = 'Running'): MountingPod {
  const volumes = [{}, { persistentVolumeClaim: { claimName } }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName, volumes }, status: { phase } };
}

function attachment(persistentVolumeName: string, nodeName: string): VolumeAttachment {
  const spec = { nodeName, source: { persistentVolumeName } };
  return { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name: 'a' }, spec };
}

test('a volume is where the pods are that mount it and have not ended', () => {
  const pods = [pod('data', 'n1'), pod('data', 'n1'), pod('other', 'n2'), pod('data', 'n3', 'Succeeded'), pod('data')];
  expect(attachedTo('data', 'pv', pods, [attachment('pv', 'n9')])).toEqual(['n1']);
});

test('a volume without pods is where it is attached, or nowhere', () => {
  expect(attachedTo('data', 'pv', [], [attachment('pv', 'n9'), attachment('other', 'n8')])).toEqual(['n9']);
  expect(attachedTo('data', 'pv', [pod('other', 'n1')], [])).toEqual([]);
});

test('one that many nodes may write is read from any of them', () => {
  expect(isOfOneNode(['ReadWriteOnce'])).toBe(true);
  expect(isOfOneNode(['ReadWriteOncePod'])).toBe(true);
  expect(isOfOneNode(['ReadWriteOnce', 'ReadOnlyMany'])).toBe(true);
  expect(isOfOneNode(['ReadWriteOnce', 'ReadWriteMany'])).toBe(false);
  expect(isOfOneNode(['ReadOnlyMany'])).toBe(false);
});
