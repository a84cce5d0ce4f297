import { toDiscovery } from '@godwit/kube/discovery';
import { expect, test } from '@jest/globals';
import { explainUnserved, servedType } from './served-type.ts';

const type = (group: string, version: string, kind: string) => ({
  group,
  version,
  kind,
  plural: `${kind.toLowerCase()}s`,
  namespaced: true,
  shortNames: [],
  verbs: [],
});
const discovery = toDiscovery(
  [
    type('', 'v1', 'Service'),
    type('autoscaling', 'v2', 'Scaler'),
    type('autoscaling', 'v1', 'Scaler'),
    type('serving.dev', 'v1', 'Service'),
  ],
  [],
);

test('an object keeps its own version where it is served, though another is preferred', () => {
  expect(servedType(discovery, { apiVersion: 'autoscaling/v1', kind: 'Scaler' })).toMatchObject({ version: 'v1' });
});

test('a version that is not served gives way to the preferred one', () => {
  expect(servedType(discovery, { apiVersion: 'autoscaling/v2beta2', kind: 'Scaler' })).toMatchObject({ version: 'v2' });
});

test('kinds of the same name are told apart by their group', () => {
  expect(servedType(discovery, { apiVersion: 'v1', kind: 'Service' })).toMatchObject({ group: '' });
  expect(servedType(discovery, { apiVersion: 'serving.dev/v1beta1', kind: 'Service' })).toMatchObject({ group: 'serving.dev' });
});

test('what is not served at all says what is missing', () => {
  const wanted = { apiVersion: 'example.com/v1', kind: 'Widget' };
  expect(servedType(discovery, wanted)).toBeUndefined();
  expect(explainUnserved(wanted)).toContain('no kind Widget of the group example.com');
  expect(explainUnserved({ apiVersion: 'extensions/v1beta1', kind: 'Ingress' })).toContain(
    'no kind Ingress in extensions/v1beta1',
  );
});
