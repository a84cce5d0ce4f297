import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { StepName, StepState } from '@godwit/contracts/run';
import { expect, test } from '@jest/globals';
import { nextCommands } from './next-commands.ts';
import type { Command, RunFacts, StepFacts } from './run-facts.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const ID = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

const definition = MigrationDefinition.parse({
  name: 'shop',
  sourceClusterId: ID(1),
  destination: {
    type: 'GKE',
    cloudAccountId: ID(2),
    name: 'made',
    location: 'europe-west1',
    version: '1.34',
    nodePools: [{ name: 'nodes', machineType: 'e2-standard-4' }],
  },
  copy: { storage: { type: 'ObjectStore', objectStoreId: ID(3) } },
});

const VOLUMES = [{ id: 'a' }];

function run(facts: Partial<RunFacts> = {}): RunFacts {
  return { kind: 'Migration', phase: 'Running', cancelRequested: false, definition, volumes: VOLUMES, ...facts };
}

const step = (name: StepName, state: StepState, facts: Partial<StepFacts> = {}): StepFacts => ({
  id: name,
  name,
  item: '',
  state,
  attempt: 1,
  failures: 0,
  losses: 0,
  begun: state !== 'Ready',
  ...facts,
});

const created = (commands: Command[]) => commands.flatMap((command) => (command.type === 'create-step' ? [command.name] : []));

test('the destination is created beside the work on the source, and checked before anything is restored into it', () => {
  const source = [
    step('preflight', 'Succeeded'),
    step('capture-resources', 'Succeeded'),
    step('snapshot-volume', 'Succeeded', { item: 'a' }),
    step('copy-volume', 'Succeeded', { item: 'a' }),
  ];
  expect(created(nextCommands(run(), source.slice(0, 1), NOW))).toEqual([
    'provision-cluster',
    'capture-resources',
    'snapshot-volume',
  ]);
  expect(created(nextCommands(run(), [...source, step('provision-cluster', 'Running')], NOW))).toEqual([]);
  const there = [...source, step('provision-cluster', 'Succeeded')];
  expect(created(nextCommands(run(), there, NOW))).toEqual(['check-destination']);
  expect(created(nextCommands(run(), [...there, step('check-destination', 'Succeeded')], NOW))).toEqual(['restore-volume']);
});

test('the cluster is deleted after what cleanup deletes in it, however that ended', () => {
  const finishing = run({ phase: 'Finishing', outcome: 'Cancelled' });
  const begun = [step('preflight', 'Succeeded'), step('provision-cluster', 'Cancelled')];
  expect(created(nextCommands(finishing, begun, NOW))).toEqual(['cleanup']);
  expect(nextCommands(finishing, [...begun, step('cleanup', 'Running')], NOW)).toEqual([]);
  expect(created(nextCommands(finishing, [...begun, step('cleanup', 'Succeeded')], NOW))).toEqual(['delete-cluster']);
  const fatal = { kind: 'fatal', reason: 'Broken', message: 'broken' } as const;
  const failed = [...begun, step('cleanup', 'Failed', { error: fatal })];
  expect(created(nextCommands(finishing, failed, NOW))).toEqual(['delete-cluster']);
  expect(nextCommands(finishing, [...failed, step('delete-cluster', 'Succeeded')], NOW)).toEqual([
    { type: 'finish', phase: 'Cancelled', error: fatal },
  ]);
});

test('a cluster that cannot be deleted is tried again for about an hour, and then told', () => {
  const finishing = run({ phase: 'Finishing', outcome: 'Failed' });
  const error = { kind: 'retryable', reason: 'Busy', message: 'busy' } as const;
  const failed = (failures: number) => [
    step('preflight', 'Succeeded'),
    step('provision-cluster', 'Cancelled'),
    step('cleanup', 'Succeeded'),
    step('delete-cluster', 'Failed', { failures, error }),
  ];
  const nextTry = new Date(NOW.getTime() + 60_000);
  expect(nextCommands(finishing, failed(59), NOW)).toEqual([
    { type: 'retry-step', stepId: 'delete-cluster', notBefore: nextTry },
  ]);
  expect(nextCommands(finishing, failed(60), NOW)).toEqual([{ type: 'finish', phase: 'Failed', error }]);
});
