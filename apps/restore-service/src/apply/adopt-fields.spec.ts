import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { adoptFieldsPatch } from './adopt-fields.ts';

const object = (...managedFields: object[]): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', resourceVersion: '7', managedFields },
});
const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}) => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});

test('what we created becomes what we applied; others keep theirs, and our status stays as it is', () => {
  const others = entry('kubectl', 'Update', { 'f:data': { 'f:b': {} } });
  const status = entry('godwit', 'Update', { 'f:status': {} }, { subresource: 'status' });
  expect(adoptFieldsPatch(object(entry('godwit', 'Update', { 'f:data': { 'f:a': {} } }), others, status))).toEqual([
    {
      op: 'replace',
      path: '/metadata/managedFields',
      value: [others, status, entry('godwit', 'Apply', { 'f:data': { 'f:a': {} } })],
    },
    { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
  ]);
});

test('what we created and what we applied later are joined', () => {
  const patch = adoptFieldsPatch(
    object(
      entry('godwit', 'Apply', { 'f:data': { '.': {}, 'f:a': {} } }),
      entry('godwit', 'Update', { 'f:data': { 'f:b': {} }, 'f:metadata': { 'f:labels': {} } }),
    ),
  );
  expect(patch![0]).toMatchObject({
    value: [
      {
        manager: 'godwit',
        operation: 'Apply',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:labels': {} } },
      },
    ],
  });
});

test('where we created nothing there is nothing to do', () => {
  expect(adoptFieldsPatch(object(entry('helm', 'Update', {}), entry('godwit', 'Apply', {})))).toBeUndefined();
  expect(adoptFieldsPatch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })).toBeUndefined();
});
