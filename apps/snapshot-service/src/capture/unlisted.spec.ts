import { fromStatus } from '@godwit/kube/kube-error';
import { SECRET } from '@godwit/kube/resource-type';
import { expect, test } from '@jest/globals';
import { whyLeftOut } from './unlisted.ts';

const METRICS = { ...SECRET, group: 'metrics.example', version: 'v1', plural: 'metrics' };
const answer = (status: number) => fromStatus(status, {}, 'listing', { cluster: 'source' });

test('a list that the API server cannot give for a moment is tried again, never left out', () => {
  for (const status of [429, 500, 503, 504]) expect(whyLeftOut(answer(status), SECRET, 'source', [])).toBeUndefined();
  expect(whyLeftOut(new Error('no answer'), SECRET, 'source', [])).toBeUndefined();
});

test('the list of an aggregated API whose backend is gone is left out, with what to do', () => {
  expect(whyLeftOut(answer(503), METRICS, 'source', [])).toBeUndefined();
  const finding = whyLeftOut(answer(503), METRICS, 'source', ['metrics.example/v1']);
  expect(finding).toMatchObject({
    severity: 'warning',
    reason: 'ListFailed',
    object: 'metrics.metrics.example',
    cure: expect.any(String),
  });
});

test('what may not be listed is left out, and says so', () => {
  expect(whyLeftOut(answer(403), SECRET, 'source', [])).toMatchObject({ reason: 'ListForbidden', cure: expect.any(String) });
});
