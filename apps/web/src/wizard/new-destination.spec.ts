import type { CreatedDestination } from '@godwit/contracts/destination';
import { expect, test } from '@jest/globals';
import { fillLike, newDestination } from './new-destination.ts';

const fresh = { ...newDestination('GKE', 'account'), location: 'europe-west1' } as CreatedDestination & { type: 'GKE' };
const pool = { name: 'workers', nodes: 3, minNodes: 1, maxNodes: 4, machineType: 'e2-standard-4', diskGiB: 100 };
const suggested = { type: 'GKE' as const, location: 'europe-west1', version: '1.33', nodePools: [pool] };

test('what is open is filled in as suggested, and what was filled in by hand stays', () => {
  expect(fillLike(fresh, suggested)).toEqual({ ...fresh, version: '1.33', nodePools: [pool] });
  const byHand = { ...fresh, version: '1.32', nodePools: [{ ...pool, nodes: 1 }] };
  expect(fillLike(byHand, suggested)).toBe(byHand);
  expect(fillLike({ ...fresh, version: '1.32' }, { ...suggested, nodePools: [] })).toMatchObject({
    version: '1.32',
    nodePools: fresh.nodePools,
  });
});
