import type { RunObject } from '@godwit/db/run-object-store';
import { expect, test } from '@jest/globals';
import { describeCounts, nameSome, Story } from './story.ts';

const object = (name: string, outcome: RunObject['outcome'], reason?: string): RunObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  outcome,
  ...(reason ? { reason } : {}),
});

test('the outcomes that there are are counted', () => {
  expect(describeCounts({ Skipped: 1, Created: 2 })).toBe('3 objects: 2 created, 1 skipped');
  expect(describeCounts({ Created: 1 })).toBe('1 object: 1 created');
  expect(describeCounts({})).toBe('0 objects');
});

test('what was skipped is named, reason by reason, and each warning and failure', () => {
  const story = new Story();
  story.add(object('a', 'Skipped', 'is there'));
  story.add(object('b', 'Skipped', 'is there'));
  story.add(object('c', 'Failed', 'quota'));
  story.add(object('d', 'Warned', 'immutable'), true);
  story.add(object('e', 'Created'));
  expect(story.lines()).toEqual([
    { level: 'info', message: 'Skipped, is there: ConfigMap shop/a, ConfigMap shop/b' },
    { level: 'warning', message: 'ConfigMap shop/d: immutable' },
    { level: 'warning', message: 'Failed: ConfigMap shop/c: quota' },
  ]);
});

test('however many objects there are, the story ends', () => {
  const story = new Story();
  for (let i = 0; i < 1_000; i++) {
    story.add(object(`f${i}`, 'Failed', 'quota'));
    story.add(object(`s${i}`, 'Skipped', `reason ${i}`));
    story.add(object(`t${i}`, 'Skipped', 'is there'));
  }
  const lines = story.lines();
  expect(lines.length).toBeLessThan(50);
  expect(lines.at(-1)!.message).toBe('980 more objects failed');
  expect(lines.find(({ message }) => message.startsWith('Skipped, is there'))!.message).toMatch(
    /ConfigMap shop\/t19 and 980 more$/,
  );
});

test('long lists of names end', () => {
  const names = Array.from({ length: 22 }, (_, index) => `n${index}`);
  expect(nameSome(names)).toMatch(/n19 and 2 more$/);
  expect(nameSome(['a', 'b'])).toBe('a, b');
});
