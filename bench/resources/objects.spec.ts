import { expect, test } from '@jest/globals';
import { asCaptured, makeGround, makeObjects, namespacesOf } from './objects.ts';

test('so many objects as asked, each once, a thousand in a namespace', () => {
  const objects = makeObjects(2_500);
  const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  expect(new Set(keys).size).toBe(2_500);
  expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(namespacesOf(2_500)));
  expect(makeGround(2_500)).toHaveLength(4);
  expect(makeObjects(2_500)).toEqual(objects);
});

test('the range of cluster IPs of a small cluster is enough, and nothing starts a pod', () => {
  const objects = makeObjects(10_000) as { kind: string; spec?: { clusterIP?: string; replicas?: number; suspend?: boolean } }[];
  const specs = (kind: string) => objects.filter((object) => object.kind === kind).map(({ spec }) => spec);
  expect(specs('Service')).toHaveLength(500);
  expect(specs('Service').filter((spec) => spec?.clusterIP !== 'None')).toHaveLength(150);
  expect(specs('Deployment').every((spec) => spec?.replicas === 0)).toBe(true);
  expect(specs('CronJob').every((spec) => spec?.suspend)).toBe(true);
});

test('a captured object has what an API server adds', () => {
  const [object] = makeObjects(1);
  const { metadata } = asCaptured(object!, 0);
  expect(metadata).toMatchObject({ ...object!.metadata, uid: expect.stringMatching(/^[0-9a-f-]{36}$/), resourceVersion: '1000' });
  expect(metadata.managedFields).toMatchObject([{ manager: 'helm', fieldsV1: { 'f:data': { 'f:colour': {} } } }]);
});
