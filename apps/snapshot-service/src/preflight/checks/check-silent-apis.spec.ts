import { toDiscovery } from '@godwit/kube/discovery';
import { expect, test } from '@jest/globals';
import { buildFacts } from '../testing/build-facts.ts';
import { CHECKS } from './all-checks.ts';

test('preflight tells of an API of the source whose kinds are not known', () => {
  const facts = buildFacts({ source: { discovery: toDiscovery([], ['down.example/v1']) } });
  expect(CHECKS.flatMap((check) => check(facts))).toContainEqual(
    expect.objectContaining({ severity: 'warning', reason: 'ApiUnavailable', object: 'APIService v1.down.example' }),
  );
});
