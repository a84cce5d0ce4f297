import { expect, test } from '@jest/globals';
import { isNeverCaptured } from './never-captured.ts';

const ORDINARY = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const type = (plural: string, group = '', verbs: string[] | undefined = ORDINARY) => ({
  group,
  version: 'v1',
  kind: 'X',
  plural,
  verbs,
});

test.each([
  type('nodes'),
  type('events'),
  type('events', 'events.k8s.io'),
  type('leases', 'coordination.k8s.io'),
  type('csinodes', 'storage.k8s.io'),
  type('volumeattachments', 'storage.k8s.io'),
  type('controllerrevisions', 'apps'),
  type('volumesnapshotcontents', 'snapshot.storage.k8s.io'),
  type('pods', 'metrics.k8s.io', ['get', 'list']),
  type('tokenreviews', 'authentication.k8s.io', ['create']),
  type('somethings', 'readonly.example.com', ['get', 'list']),
  type('imports', 'createonly.example.com', ['create']),
  type('pods/log', ''),
])('$plural of "$group" stay', (info) => {
  expect(isNeverCaptured(info)).toBe(true);
});

test.each([
  type('pods'),
  type('nodes', 'example.com'),
  type('deployments', 'apps'),
  { group: '', version: 'v1', kind: 'Secret', plural: 'secrets' },
])('$plural of "$group" go', (info) => {
  expect(isNeverCaptured(info)).toBe(false);
});
