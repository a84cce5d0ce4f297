import type { StagedVolume } from '@godwit/db/staged-volume-store';
import type { RunVolume } from '@godwit/db/volume-store';
import { expect, test } from '@jest/globals';
import { settleStaging } from './settle-staging.ts';

const archive = (runId: string, volumeId: string) => ({
  storage: { type: 'ObjectStore', objectStoreId: 'a-store' } as const,
  runId,
  volumeId,
});
const row = (name: string, more: Partial<StagedVolume> = {}) =>
  ({ namespace: 'shop', name, claimName: name, ...more }) as StagedVolume;
const volume = (name: string, more: Partial<RunVolume> = {}) =>
  ({
    id: `${name}-2`,
    namespace: 'shop',
    name,
    staging: { claimName: name, last: archive('run-1', `${name}-1`) },
    ...more,
  }) as RunVolume;
const run = (kind: 'Stage' | 'CutOver', outcome: 'Succeeded' | 'Failed') => ({ id: 'run-2', kind, outcome });
const there = () => true;
const names = ({ discard }: { discard: StagedVolume[] }) => discard.map(({ name }) => name);

test('a stage keeps its own archives and drops those before', () => {
  const rows = [row('a', { archive: archive('run-2', 'a-2') })];
  const settled = settleStaging(run('Stage', 'Succeeded'), [volume('a')], rows, there);
  expect(settled).toMatchObject({ discard: [], replaced: [] });
  expect(settled.superseded).toEqual([archive('run-1', 'a-1')]);
  expect([...settled.keptArchives]).toEqual(['a-2']);
});

test('a stage that fails keeps for each volume what it has come to', () => {
  const rows = [row('a', { archive: archive('run-2', 'a-2') }), row('b', { archive: archive('run-1', 'b-1') })];
  const settled = settleStaging(run('Stage', 'Failed'), [volume('a'), volume('b')], rows, there);
  expect(settled.superseded).toEqual([archive('run-1', 'a-1')]);
  expect([...settled.keptArchives]).toEqual(['a-2']);
  expect(settled.discard).toEqual([]);
});

test('what is not selected any more goes with the next stage that succeeds', () => {
  const rows = [row('a'), row('b'), row('c')];
  const volumes = [volume('a'), volume('c', { skipReason: 'exists' })];
  expect(names(settleStaging(run('Stage', 'Failed'), volumes, rows, there))).toEqual([]);
  expect(names(settleStaging(run('Stage', 'Succeeded'), volumes, rows, there))).toEqual(['b', 'c']);
});

test('a cut-over that succeeds ends the staging, with its own archive', () => {
  const rows = [row('a', { archive: archive('run-2', 'a-2') })];
  const settled = settleStaging(run('CutOver', 'Succeeded'), [volume('a')], rows, there);
  expect(names(settled)).toEqual(['a']);
  expect(settled.superseded).toEqual([archive('run-1', 'a-1')]);
  expect(settled.keptArchives.size).toBe(0);
});

test('a cut-over that fails keeps what is staged, but for what it had handed over', () => {
  const rows = [row('a', { archive: archive('run-2', 'a-2') }), row('b', { archive: archive('run-2', 'b-2') })];
  const settled = settleStaging(run('CutOver', 'Failed'), [volume('a'), volume('b')], rows, ({ name }) => name === 'a');
  expect(names(settled)).toEqual(['b']);
  expect([...settled.keptArchives]).toEqual(['a-2']);
});

test('a claim that was made anew takes the place of the one before only when its row says so', () => {
  const replaces = { clusterId: 'elsewhere', claimName: 'old' };
  const volumes = [volume('a', { staging: { claimName: 'new', replaces } })];
  const settle = (claimName: string) => settleStaging(run('Stage', 'Failed'), volumes, [row('a', { claimName })], there).replaced;
  expect(settle('old')).toEqual([]);
  expect(settle('new')).toEqual([replaces]);
});
