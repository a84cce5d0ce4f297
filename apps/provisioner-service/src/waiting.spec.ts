import { expect, test } from '@jest/globals';
import { Waiting } from './waiting.ts';

const at = (second: number) => new Date(second * 1000);
const time = (second: number) => at(second).toISOString();

test('of several things that are waited for, the one that takes the longest is told, since its beginning', () => {
  const waiting = new Waiting();
  expect(waiting.after({ what: 'cluster', state: 'CREATING' }, at(0))).toEqual({
    what: 'cluster',
    state: 'CREATING',
    since: time(0),
  });
  expect(waiting.after({ what: 'cluster', state: 'UPDATING' }, at(5))).toEqual({
    what: 'cluster',
    state: 'UPDATING',
    since: time(0),
  });
  expect(waiting.after({ what: 'cluster', state: 'ACTIVE', isDone: true }, at(6))).toBeUndefined();
  waiting.after({ what: 'nodes a', state: 'CREATING' }, at(7));
  expect(waiting.after({ what: 'nodes b', state: 'CREATING' }, at(8))).toMatchObject({ what: 'nodes a' });
  expect(waiting.after({ what: 'nodes a', state: 'ACTIVE', isDone: true }, at(9))).toEqual({
    what: 'nodes b',
    state: 'CREATING',
    since: time(8),
  });
});

test('who takes a step over goes on counting', () => {
  const waiting = new Waiting({ what: 'cluster', state: 'CREATING', since: time(0) });
  expect(waiting.after({ what: 'cluster', state: 'CREATING' }, at(90))).toMatchObject({ since: time(0) });
});

test('what was waited for before and is not asked for any more does not hide what is', () => {
  const waiting = new Waiting({ what: 'cluster', state: 'CREATING', since: time(0) });
  expect(waiting.after({ what: 'nodes', state: 'CREATING' }, at(90))).toMatchObject({ what: 'nodes', since: time(90) });
});
