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
  destination: { type: 'Registered', clusterId: ID(2) },
  copy: { storage: { type: 'ObjectStore', objectStoreId: ID(3) }, concurrentStreams: 2 },
});

function run(facts: Partial<RunFacts> = {}): RunFacts {
  return { kind: 'Migration', phase: 'Running', cancelRequested: false, definition, ...facts };
}

function step(name: StepName, state: StepState, facts: Partial<StepFacts> = {}): StepFacts {
  return {
    id: `${name}/${facts.item ?? ''}`,
    name,
    item: '',
    state,
    attempt: 1,
    failures: 0,
    losses: 0,
    begun: state !== 'Ready',
    ...facts,
  };
}

const MIB = 2 ** 20;
/** Volumes of which none has enough to do for a second stream. */
const small = (...ids: string[]) => ids.map((id) => volume(id, MIB));
const volume = (id: string, left: number) => ({ id, bytesLeft: { 'copy-volume': left, 'restore-volume': left } });

const created = (commands: Command[]) =>
  commands.flatMap((command) => (command.type === 'create-step' ? [`${command.name}/${command.item}`] : []));

const preflighted = step('preflight', 'Succeeded');
const retryable = { kind: 'retryable', reason: 'Busy', message: 'busy' } as const;
const fatal = { kind: 'fatal', reason: 'Broken', message: 'broken' } as const;

test('a new run starts with preflight alone', () => {
  expect(nextCommands(run(), [], NOW)).toEqual([{ type: 'create-step', name: 'preflight', item: '' }]);
});

test('after preflight resources are captured beside the snapshots of all volumes', () => {
  const commands = nextCommands(run({ volumes: small('a', 'b') }), [preflighted], NOW);
  expect(created(commands)).toEqual(['capture-resources/', 'snapshot-volume/a', 'snapshot-volume/b']);
});

test('a step that was created is not created again', () => {
  const steps = [preflighted, step('capture-resources', 'Running'), step('snapshot-volume', 'Ready', { item: 'a' })];
  expect(nextCommands(run({ volumes: small('a') }), steps, NOW)).toEqual([]);
});

test('the copy of a volume waits for its own snapshot only', () => {
  const steps = [
    preflighted,
    step('snapshot-volume', 'Succeeded', { item: 'a' }),
    step('snapshot-volume', 'Running', { item: 'b' }),
  ];
  expect(created(nextCommands(run({ volumes: small('a', 'b') }), steps, NOW))).toEqual(['capture-resources/', 'copy-volume/a']);
});

test('never more copies than concurrentStreams, whatever they are at', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const volumes = small(...ids);
  const snapshots = ids.map((item) => step('snapshot-volume', 'Succeeded', { item }));
  const base = [preflighted, step('capture-resources', 'Succeeded'), ...snapshots];
  expect(created(nextCommands(run({ volumes }), base, NOW))).toEqual(['copy-volume/a', 'copy-volume/b']);
  const oneWaitsForItsRetry = [
    ...base,
    step('copy-volume', 'Failed', { item: 'a', failures: 1, error: retryable }),
    step('copy-volume', 'Running', { item: 'b' }),
  ];
  expect(created(nextCommands(run({ volumes }), oneWaitsForItsRetry, NOW))).toEqual(['restore-volume/b']);
  const oneIsDone = [...base, step('copy-volume', 'Succeeded', { item: 'a' }), step('copy-volume', 'Running', { item: 'b' })];
  expect(created(nextCommands(run({ volumes }), oneIsDone, NOW))).toEqual([
    'copy-volume/c',
    'restore-volume/a',
    'restore-volume/b',
  ]);
});

test('a copy starts with the streams that its size deserves; a stream is kept for the volume whose snapshot is still cut', () => {
  const volumes = [volume('a', 1000 * MIB), volume('b', 3000 * MIB), volume('c', MIB)];
  const steps = [preflighted, ...['a', 'b'].map((item) => step('snapshot-volume', 'Succeeded', { item }))];
  const wide = { ...definition, copy: { ...definition.copy, concurrentStreams: 9 } };
  expect(nextCommands(run({ volumes, definition: wide }), steps, NOW)).toEqual([
    { type: 'create-step', name: 'capture-resources', item: '' },
    { type: 'create-step', name: 'snapshot-volume', item: 'c' },
    { type: 'create-step', name: 'copy-volume', item: 'a', streams: 2 },
    { type: 'create-step', name: 'copy-volume', item: 'b', streams: 6 },
  ]);
});

test('a copy gives a stream back for one that may start, which starts when it was given back', () => {
  const volumes = [volume('a', 1000 * MIB), volume('b', 1000 * MIB)];
  const at = (told: number, held: number) => [
    preflighted,
    step('capture-resources', 'Running'),
    ...['a', 'b'].map((item) => step('snapshot-volume', 'Succeeded', { item })),
    step('copy-volume', 'Running', { item: 'a', streams: { told, held } }),
    step('restore-volume', 'Running', { item: 'a' }),
  ];
  const less = { type: 'set-streams', stepId: 'copy-volume/a', streams: 1 };
  expect(nextCommands(run({ volumes }), at(2, 2), NOW)).toEqual([less]);
  expect(nextCommands(run({ volumes }), at(1, 2), NOW)).toEqual([]);
  expect(nextCommands(run({ volumes }), at(1, 1), NOW)).toEqual([
    { type: 'create-step', name: 'copy-volume', item: 'b', streams: 1 },
  ]);
});

test('the streams of a volume that is done go to the others', () => {
  const volumes = [volume('a', 0), volume('b', 1000 * MIB)];
  const steps = [
    preflighted,
    step('capture-resources', 'Running'),
    ...volumes.flatMap(({ id: item }) => [
      step('snapshot-volume', 'Succeeded', { item }),
      step('copy-volume', 'Succeeded', { item, streams: { told: 1, held: 1 } }),
    ]),
    step('restore-volume', 'Succeeded', { item: 'a', streams: { told: 1, held: 1 } }),
    step('restore-volume', 'Running', { item: 'b', streams: { told: 1, held: 1 } }),
  ];
  expect(nextCommands(run({ volumes }), steps, NOW)).toEqual([{ type: 'set-streams', stepId: 'restore-volume/b', streams: 2 }]);
  const finishing = run({ phase: 'Finishing', outcome: 'Cancelled', volumes });
  expect(nextCommands(finishing, steps, NOW)).toEqual([]);
});

test('a restore follows its copy as soon as that one runs, and not before', () => {
  const steps = [preflighted, step('capture-resources', 'Running'), step('snapshot-volume', 'Succeeded', { item: 'a' })];
  expect(
    created(nextCommands(run({ volumes: small('a') }), [...steps, step('copy-volume', 'Ready', { item: 'a' })], NOW)),
  ).toEqual([]);
  expect(
    created(nextCommands(run({ volumes: small('a') }), [...steps, step('copy-volume', 'Running', { item: 'a' })], NOW)),
  ).toEqual(['restore-volume/a']);
});

test('resources are applied when all volumes are restored', () => {
  const ofVolume = (item: string, restored: StepState) => [
    step('snapshot-volume', 'Succeeded', { item }),
    step('copy-volume', 'Succeeded', { item }),
    step('restore-volume', restored, { item }),
  ];
  const steps = [preflighted, step('capture-resources', 'Succeeded'), ...ofVolume('a', 'Succeeded'), ...ofVolume('b', 'Running')];
  expect(nextCommands(run({ volumes: small('a', 'b') }), steps, NOW)).toEqual([]);
  const all = steps.map((each) => ({ ...each, state: 'Succeeded' as const }));
  expect(created(nextCommands(run({ volumes: small('a', 'b') }), all, NOW))).toEqual(['apply-resources/']);
});

test('a run without volumes goes from capture to apply', () => {
  const steps = [preflighted, step('capture-resources', 'Succeeded')];
  expect(created(nextCommands(run({ volumes: [] }), steps, NOW))).toEqual(['apply-resources/']);
});

const done = [
  preflighted,
  step('capture-resources', 'Succeeded'),
  step('apply-resources', 'Succeeded'),
  step('verify', 'Succeeded'),
];

test('a complete run is cleaned up, then it has succeeded', () => {
  expect(nextCommands(run({ volumes: [] }), done, NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Succeeded' }]);
  const finishing = run({ phase: 'Finishing', outcome: 'Succeeded', volumes: [] });
  expect(nextCommands(finishing, done, NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
  expect(nextCommands(finishing, [...done, step('cleanup', 'Running')], NOW)).toEqual([]);
  expect(nextCommands(finishing, [...done, step('cleanup', 'Succeeded')], NOW)).toEqual([
    { type: 'finish', phase: 'Succeeded', error: undefined },
  ]);
  expect(nextCommands(run({ phase: 'Succeeded' }), done, NOW)).toEqual([]);
});

test('a retryable failure is tried again with a growing wait, until it has failed too often', () => {
  const failed = (failures: number) => [step('preflight', 'Failed', { failures, error: retryable })];
  expect(nextCommands(run(), failed(1), NOW)).toEqual([
    { type: 'retry-step', stepId: 'preflight/', notBefore: new Date(NOW.getTime() + 1000) },
  ]);
  expect(nextCommands(run(), failed(2), NOW)).toEqual([
    { type: 'retry-step', stepId: 'preflight/', notBefore: new Date(NOW.getTime() + 2000) },
  ]);
  expect(nextCommands(run(), failed(3), NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Failed', error: retryable }]);
});

test('a fatal failure ends the run at once', () => {
  const steps = [step('preflight', 'Failed', { failures: 1, error: fatal })];
  expect(nextCommands(run(), steps, NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Failed', error: fatal }]);
});

test('cleanup waits until what runs has stopped; what has not started is cancelled', () => {
  const finishing = run({ phase: 'Finishing', outcome: 'Cancelled', volumes: small('a', 'b') });
  const steps = [
    preflighted,
    step('copy-volume', 'Running', { item: 'a', leaseUntil: new Date(NOW.getTime() + 5000) }),
    step('copy-volume', 'Ready', { item: 'b' }),
  ];
  expect(nextCommands(finishing, steps, NOW)).toEqual([{ type: 'cancel-step', stepId: 'copy-volume/b' }]);
  const stopped = [preflighted, step('copy-volume', 'Cancelled', { item: 'a' }), step('copy-volume', 'Cancelled', { item: 'b' })];
  expect(nextCommands(finishing, stopped, NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
});

test('cancel wins over what has failed', () => {
  const steps = [step('preflight', 'Failed', { failures: 1, error: fatal })];
  expect(nextCommands(run({ cancelRequested: true }), steps, NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Cancelled' }]);
});

test('a step whose worker died goes to another one, and costs no failure', () => {
  const steps = [step('preflight', 'Running', { leaseUntil: new Date(NOW.getTime() - 1) })];
  expect(nextCommands(run(), steps, NOW)).toEqual([{ type: 'reclaim-step', stepId: 'preflight/' }]);
});

test('when the run ends a dead worker is not waited for', () => {
  const finishing = run({ phase: 'Finishing', outcome: 'Failed', volumes: small('a') });
  const steps = [preflighted, step('copy-volume', 'Running', { item: 'a', leaseUntil: new Date(NOW.getTime() - 1) })];
  expect(nextCommands(finishing, steps, NOW)).toEqual([
    { type: 'cancel-step', stepId: 'copy-volume/a' },
    { type: 'create-step', name: 'cleanup', item: '' },
  ]);
});

test('a step that kills each of its workers fails the run', () => {
  const steps = [step('preflight', 'Running', { losses: 20, leaseUntil: new Date(NOW.getTime() - 1) })];
  expect(nextCommands(run(), steps, NOW)).toMatchObject([
    { type: 'begin-finishing', outcome: 'Failed', error: { reason: 'WorkerLost' } },
  ]);
});

test('cleanup is tried again too; when it cannot be done the run keeps its outcome and says so', () => {
  const finishing = run({ phase: 'Finishing', outcome: 'Succeeded', volumes: [] });
  const failed = (failures: number) => [...done, step('cleanup', 'Failed', { failures, error: retryable })];
  expect(nextCommands(finishing, failed(1), NOW)).toMatchObject([{ type: 'retry-step' }]);
  expect(nextCommands(finishing, failed(59), NOW)).toMatchObject([{ type: 'retry-step' }]);
  expect(nextCommands(finishing, failed(60), NOW)).toEqual([{ type: 'finish', phase: 'Succeeded', error: retryable }]);
});

const hooked = MigrationDefinition.parse({
  ...definition,
  hooks: { sourcePre: [{ hookId: ID(4) }], sourcePost: [{ hookId: ID(5) }], destinationPost: [{ hookId: ID(6) }] },
});

test('snapshots wait for the pre hooks, and the post hooks for the last snapshot', () => {
  const facts = run({ definition: hooked, volumes: small('a', 'b') });
  expect(created(nextCommands(facts, [preflighted], NOW))).toEqual(['pre-hooks/', 'capture-resources/']);
  const cut = [preflighted, step('pre-hooks', 'Succeeded'), step('capture-resources', 'Succeeded')];
  const one = [...cut, step('snapshot-volume', 'Succeeded', { item: 'a' }), step('snapshot-volume', 'Running', { item: 'b' })];
  expect(created(nextCommands(facts, one, NOW))).toEqual(['copy-volume/a']);
  const both = [...cut, ...['a', 'b'].map((item) => step('snapshot-volume', 'Succeeded', { item }))];
  expect(created(nextCommands(facts, both, NOW))).toEqual(['post-hooks/', 'copy-volume/a', 'copy-volume/b']);
});

test('the post hooks wait for the copy of what is read live, which is copied first', () => {
  const volumes = [volume('a', MIB), { ...volume('b', MIB), live: true }];
  const facts = run({ definition: hooked, volumes });
  const before = [
    ...(['preflight', 'pre-hooks', 'capture-resources'] as const).map((name) => step(name, 'Succeeded')),
    ...['a', 'b'].map((item) => step('snapshot-volume', 'Succeeded', { item })),
  ];
  expect(created(nextCommands(facts, before, NOW))).toEqual(['copy-volume/b', 'copy-volume/a']);
  const copied = (live: StepState, other: StepState) => [
    ...before,
    step('copy-volume', live, { item: 'b' }),
    step('copy-volume', other, { item: 'a' }),
    step('restore-volume', 'Running', { item: 'a' }),
    step('restore-volume', 'Running', { item: 'b' }),
  ];
  expect(created(nextCommands(facts, copied('Running', 'Succeeded'), NOW))).toEqual([]);
  expect(created(nextCommands(facts, copied('Succeeded', 'Running'), NOW))).toEqual(['post-hooks/']);
});

test('the hooks of the destination run between apply and verify', () => {
  const facts = run({ definition: hooked, volumes: [] });
  const applied = ['preflight', 'pre-hooks', 'capture-resources', 'post-hooks', 'apply-resources'] as const;
  const steps = applied.map((name) => step(name, 'Succeeded'));
  expect(created(nextCommands(facts, steps, NOW))).toEqual(['destination-hooks/']);
  expect(created(nextCommands(facts, [...steps, step('destination-hooks', 'Succeeded')], NOW))).toEqual(['verify/']);
});

test.each(['Cancelled', 'Failed'] as const)(
  'a run that ends as %s after a pre hook has begun runs the post hooks before cleanup',
  (outcome) => {
    const ending = run({ definition: hooked, phase: 'Finishing', outcome, volumes: small('a') });
    const stopping = [preflighted, step('pre-hooks', 'Running')];
    expect(nextCommands(ending, stopping, NOW)).toEqual([]);
    const stopped = [preflighted, step('pre-hooks', outcome), step('snapshot-volume', 'Running', { item: 'a' })];
    expect(nextCommands(ending, stopped, NOW)).toEqual([{ type: 'create-step', name: 'post-hooks', item: '' }]);
    const undone = [preflighted, step('pre-hooks', outcome), step('post-hooks', 'Succeeded')];
    expect(nextCommands(ending, undone, NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
  },
);

test('post hooks that fail in the end are tried again, and then cleanup runs all the same', () => {
  const ending = run({ definition: hooked, phase: 'Finishing', outcome: 'Failed' });
  const failing = (failures: number, error: StepFacts['error']) => [
    preflighted,
    step('pre-hooks', 'Failed', { error: fatal, failures: 1 }),
    step('post-hooks', 'Failed', { error, failures }),
  ];
  expect(nextCommands(ending, failing(1, retryable), NOW)).toMatchObject([{ type: 'retry-step', stepId: 'post-hooks/' }]);
  expect(nextCommands(ending, failing(59, retryable), NOW)).toMatchObject([{ type: 'retry-step', stepId: 'post-hooks/' }]);
  expect(nextCommands(ending, failing(60, retryable), NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
  expect(nextCommands(ending, failing(1, fatal), NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
});

test('a run that ends before a pre hook has begun runs no post hooks', () => {
  const ending = run({ definition: hooked, phase: 'Finishing', outcome: 'Cancelled' });
  const steps = [preflighted, step('pre-hooks', 'Cancelled', { begun: false })];
  expect(nextCommands(ending, steps, NOW)).toEqual([{ type: 'create-step', name: 'cleanup', item: '' }]);
});

test('a post hook that waits for a worker, or has lost it, is not given up when the run ends', () => {
  const ending = run({ definition: hooked, phase: 'Finishing', outcome: 'Cancelled' });
  const before = [preflighted, step('pre-hooks', 'Succeeded')];
  expect(nextCommands(ending, [...before, step('post-hooks', 'Ready')], NOW)).toEqual([]);
  const lost = step('post-hooks', 'Running', { leaseUntil: new Date(NOW.getTime() - 1) });
  expect(nextCommands(ending, [...before, lost], NOW)).toEqual([{ type: 'reclaim-step', stepId: 'post-hooks/' }]);
});

test('a stage moves the volumes and applies nothing', () => {
  const facts = run({ kind: 'Stage', volumes: small('a') });
  expect(created(nextCommands(facts, [preflighted], NOW))).toEqual(['snapshot-volume/a']);
  const moved = (['snapshot-volume', 'copy-volume', 'restore-volume'] as const).map((name) =>
    step(name, 'Succeeded', { item: 'a' }),
  );
  expect(nextCommands(facts, [preflighted, ...moved], NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Succeeded' }]);
});

const captured = [preflighted, step('pre-hooks', 'Succeeded'), step('capture-resources', 'Succeeded')];
const quiesced = [...captured, step('post-hooks', 'Succeeded'), step('quiesce-source', 'Succeeded')];

test('a cut-over stops the source when all is captured and the hooks are taken back, and reads its volumes after that', () => {
  const facts = run({ kind: 'CutOver', definition: hooked, volumes: small('a') });
  expect(created(nextCommands(facts, [preflighted], NOW))).toEqual(['pre-hooks/', 'capture-resources/']);
  expect(created(nextCommands(facts, captured, NOW))).toEqual(['post-hooks/']);
  expect(created(nextCommands(facts, quiesced.slice(0, -1), NOW))).toEqual(['quiesce-source/']);
  expect(created(nextCommands(facts, quiesced, NOW))).toEqual(['snapshot-volume/a']);
});

test.each(['Cancelled', 'Failed'] as const)(
  'a cut-over that ends as %s once the source was touched starts it again before cleanup, whatever becomes of that',
  (outcome) => {
    const ending = run({ kind: 'CutOver', phase: 'Finishing', outcome, volumes: small('a') });
    const touched = [...captured, step('quiesce-source', 'Failed', { error: fatal, failures: 1 })];
    expect(created(nextCommands(ending, touched, NOW))).toEqual(['resume-source/']);
    expect(nextCommands(ending, [...touched, step('resume-source', 'Ready')], NOW)).toEqual([]);
    const lost = step('resume-source', 'Running', { leaseUntil: new Date(NOW.getTime() - 1) });
    expect(nextCommands(ending, [...touched, lost], NOW)).toEqual([{ type: 'reclaim-step', stepId: 'resume-source/' }]);
    const resumed = step('resume-source', 'Succeeded');
    expect(created(nextCommands(ending, [...touched, resumed], NOW))).toEqual(['cleanup/']);
    const given = step('resume-source', 'Failed', { failures: 60, error: retryable });
    const tried = step('resume-source', 'Failed', { failures: 59, error: retryable });
    expect(nextCommands(ending, [...touched, tried], NOW)).toMatchObject([{ type: 'retry-step', stepId: 'resume-source/' }]);
    expect(created(nextCommands(ending, [...touched, given], NOW))).toEqual(['cleanup/']);
  },
);

test('a cut-over that ends before it touched the source, or succeeds, starts nothing again', () => {
  const early = run({ kind: 'CutOver', phase: 'Finishing', outcome: 'Failed', volumes: [] });
  expect(created(nextCommands(early, captured, NOW))).toEqual(['cleanup/']);
  const facts = run({ kind: 'CutOver', volumes: [] });
  const all = [...quiesced, step('apply-resources', 'Succeeded'), step('verify', 'Succeeded')];
  expect(nextCommands(facts, all, NOW)).toEqual([{ type: 'begin-finishing', outcome: 'Succeeded' }]);
  const finishing = run({ kind: 'CutOver', phase: 'Finishing', outcome: 'Succeeded', volumes: [] });
  expect(created(nextCommands(finishing, all, NOW))).toEqual(['cleanup/']);
});

test('a rollback starts the source again once the destination is taken back', () => {
  const facts = run({ kind: 'Rollback' });
  expect(created(nextCommands(facts, [], NOW))).toEqual(['roll-back/']);
  const steps = [step('roll-back', 'Succeeded')];
  expect(created(nextCommands(facts, steps, NOW))).toEqual(['resume-source/']);
  expect(nextCommands(facts, [...steps, step('resume-source', 'Skipped')], NOW)).toEqual([
    { type: 'begin-finishing', outcome: 'Succeeded' },
  ]);
});
