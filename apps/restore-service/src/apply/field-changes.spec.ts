import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { fieldChanges, isUnchanged } from './field-changes.ts';

const object = (kind: string, more: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', ...metadata },
  ...more,
});

test('an update that changed only the book-keeping changed nothing', () => {
  const before = object('ConfigMap', { data: { a: '1' } }, { uid: 'u', resourceVersion: '1', generation: 1 });
  const after = object(
    'ConfigMap',
    { data: { a: '1' }, status: { seen: true } },
    { uid: 'u', resourceVersion: '2', managedFields: [{}] },
  );
  expect(isUnchanged(before, after)).toBe(true);
  expect(fieldChanges(before, after)).toEqual([]);
  expect(isUnchanged(before, { ...after, data: { a: '2' } })).toBe(false);
  expect(isUnchanged(before, { ...after, metadata: { ...after.metadata, labels: { a: 'b' } } })).toBe(false);
});

test('each field is told with what it was and becomes', () => {
  const before = object('ConfigMap', { data: { changed: '1', gone: 'x', 'a/b': '1' } });
  const after = object('ConfigMap', { data: { changed: '2', added: 'y', 'a/b': '2' } }, { labels: { app: 'web' } });
  const changes = fieldChanges(before, after);
  expect(changes).toHaveLength(5);
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: '/data/changed', before: '1', after: '2' },
      { path: '/data/gone', before: 'x' },
      { path: '/data/added', after: 'y' },
      { path: '/data/a~1b', before: '1', after: '2' },
      { path: '/metadata/labels', after: { app: 'web' } },
    ]),
  );
});

test('what a list lost is told by its own value, whatever moved up', () => {
  const list = (...ports: number[]) => object('Service', { spec: { ports } });
  expect(fieldChanges(list(1, 2, 3, 4), list(2, 4)).map(({ before }) => before)).toEqual([1, 3]);
});

test('no value of a Secret is told, wherever it stands', () => {
  const kubectl = (value: string) => ({
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${value}"}` },
  });
  const before = object('Secret', { data: { a: 'b2xk' }, type: 'Opaque' }, kubectl('b2xk'));
  const after = object(
    'Secret',
    { data: { a: 'bmV3', b: 'bmV3' }, type: 'Opaque' },
    { ...kubectl('bmV3'), labels: { app: 'web' } },
  );
  const changes = fieldChanges(before, after);
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: '/data/a', before: '(hidden)', after: '(hidden)' },
      { path: '/data/b', after: '(hidden)' },
      { path: '/metadata/labels', after: { app: 'web' } },
    ]),
  );
  const whole = fieldChanges(object('Secret', {}), object('Secret', { data: { a: 'bmV3' } }, kubectl('bmV3')));
  expect(whole.map(({ path }) => path).sort()).toEqual(['/data', '/metadata/annotations']);
  expect(JSON.stringify([changes, whole])).not.toMatch(/b2xk|bmV3/);
});

test('long values and many changes are cut', () => {
  const [change] = fieldChanges(object('ConfigMap', {}), object('ConfigMap', { data: { a: 'x'.repeat(5_000) } }));
  expect(String(change!.after).length).toBeLessThan(2_100);
  const data = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, '1']));
  expect(fieldChanges(object('ConfigMap', { data: {} }), object('ConfigMap', { data }))).toHaveLength(100);
});

test('long lists that differ are told as a whole, at once', () => {
  const hosts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `host-${from + index}`);
  const rules = (list: string[]) => object('VirtualService', { spec: { 'a/b': [{ hosts: list }], gateway: 'g' } });
  const started = performance.now();
  expect(fieldChanges(rules(hosts(8_000)), rules([...hosts(7_999), 'other']))).toMatchObject([{ path: '/spec/a~1b/0/hosts' }]);
  expect(fieldChanges(rules(hosts(1_000)), rules(hosts(1_000, 1)))).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(fieldChanges(rules(hosts(8_000)), rules(hosts(8_000)))).toEqual([]);
  expect(fieldChanges(rules(hosts(3)), rules([...hosts(2), 'other']))).toEqual([
    { path: '/spec/a~1b/0/hosts/2', before: 'host-2', after: 'other' },
  ]);
});
