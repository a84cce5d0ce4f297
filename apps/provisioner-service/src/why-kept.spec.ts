import { Destination } from '@godwit/contracts/destination';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { whyKept } from './why-kept.ts';

const id = '00000000-0000-4000-8000-000000000001';
const gke = Destination.parse({
  type: 'GKE',
  cloudAccountId: id,
  name: 'made',
  location: 'europe-west1',
  version: '1.34',
  nodePools: [{ name: 'nodes', machineType: 'e2-standard-4' }],
});
const definition = { destination: gke } as MigrationDefinition;
const run = { kind: 'Migration' as const, outcome: 'Failed' as const, deletesCluster: false, definition };
const BEGUN = ['preflight', 'provision-cluster'];

test.each([
  ['a run that failed before anything was applied', run, BEGUN, undefined],
  ['a run that was cancelled before', { ...run, outcome: 'Cancelled' as const }, BEGUN, undefined],
  ['a run that failed after', run, [...BEGUN, 'apply-resources'], 'applied to it already'],
  ['a run that succeeded', { ...run, outcome: 'Succeeded' as const }, BEGUN, 'stays, with what was moved'],
  ['a run that ended before the creation', run, ['preflight'], 'had not begun'],
  ['a rollback', { ...run, kind: 'Rollback' as const, outcome: 'Succeeded' as const }, ['roll-back'], 'not asked for'],
  [
    'a rollback that is to delete it',
    { ...run, kind: 'Rollback' as const, outcome: 'Succeeded' as const, deletesCluster: true },
    ['roll-back'],
    undefined,
  ],
  ['one that failed', { ...run, kind: 'Rollback' as const, deletesCluster: true }, ['roll-back'], 'did not succeed'],
  [
    'a registered destination',
    { ...run, definition: { destination: { type: 'Registered' as const, clusterId: id } } as MigrationDefinition },
    BEGUN,
    'was not created',
  ],
])('%s', (_, facts, begun, reason) => {
  const why = whyKept(facts, new Set(begun));
  if (reason) expect(why).toContain(reason);
  else expect(why).toBeUndefined();
});
