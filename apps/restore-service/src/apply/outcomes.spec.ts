import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '@godwit/contracts/findings';
import { type NewRunObject, type RunObject, runObjectKey } from '@godwit/db/run-object-store';
import { expect, test } from '@jest/globals';
import { type OutcomeStore, Outcomes } from './outcomes.ts';

const object = (name: string, outcome: RunObject['outcome'] = 'Created'): RunObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  outcome,
});
const finding: Finding = { severity: 'note', reason: 'Told', message: 'is told' };

/** A table in memory, as slow as asked. */
class Table implements OutcomeStore {
  readonly batches: number[] = [];
  readonly rows = new Map<string, NewRunObject>();
  failure: Error | undefined;

  constructor(private readonly slowMs = 0) {}

  async record(_runId: string, objects: readonly NewRunObject[]): Promise<Set<string>> {
    await sleep(this.slowMs);
    if (this.failure) throw this.failure;
    this.batches.push(objects.length);
    const added = objects.map(runObjectKey).filter((key) => !this.rows.has(key));
    for (const one of objects) this.rows.set(runObjectKey(one), one);
    return new Set(added);
  }

  async previous(): Promise<undefined> {}
}

test('many outcomes are written in few batches, beside the work', async () => {
  const table = new Table();
  const outcomes = new Outcomes(table, 'run', async () => {}, false);
  for (let i = 0; i < 1_200; i++) await outcomes.add(object(`o${i}`));
  await outcomes.flush();
  expect(table.batches.filter((size) => size > 0)).toEqual([500, 500, 200]);
  expect(table.rows.size).toBe(1_200);
});

test('what is written at once is written when it returns, with all that comes in the same moment', async () => {
  const table = new Table();
  const outcomes = new Outcomes(table, 'run', async () => {}, false);
  await outcomes.add(object('before'));
  await Promise.all(['a', 'b', 'c'].map((name) => outcomes.addNow(object(name))));
  expect(table.batches).toEqual([4]);
  await outcomes.addNow(object('later'));
  expect(table.rows.size).toBe(5);
});

test('findings are told once: with the first thing that is written of an object', async () => {
  const table = new Table();
  const told: (readonly Finding[])[] = [];
  const tell = async (findings: readonly Finding[]) => {
    told.push(findings);
  };
  for (const resumed of [false, true]) {
    const outcomes = new Outcomes(table, 'run', tell, resumed);
    await outcomes.addNow({ ...object('a', 'Failed'), findings: [finding] });
    await outcomes.add({ ...object('a', 'Updated'), findings: [finding] });
    await outcomes.flush();
  }
  expect(told).toEqual([[finding]]);
  expect([...table.rows.values()]).toEqual([object('a', 'Updated')]);
});

test('a database that fails ends the work', async () => {
  const table = new Table(5);
  table.failure = new Error('the database is gone');
  const outcomes = new Outcomes(table, 'run', async () => {}, false);
  const work = async () => {
    for (let i = 0; i < 5_000; i++) await outcomes.add(object(`o${i}`));
  };
  await expect(work()).rejects.toThrow('the database is gone');
  await expect(outcomes.flush()).rejects.toThrow('the database is gone');
});
