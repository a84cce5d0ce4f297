import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Sealer } from './sealer.ts';

const sealer = new Sealer(randomBytes(32));

test('opens what it sealed', () => {
  expect(sealer.open('cluster/1/kubeconfig', sealer.seal('cluster/1/kubeconfig', 'secret')).toString()).toBe('secret');
});

test('never seals the same text to the same bytes', () => {
  expect(sealer.seal('p', 'secret').equals(sealer.seal('p', 'secret'))).toBe(false);
});

test('refuses what was sealed for another row', () => {
  expect(() => sealer.open('cluster/2/kubeconfig', sealer.seal('cluster/1/kubeconfig', 'secret'))).toThrow(/something else/);
});

test('says so when the master key is another', () => {
  expect(() => new Sealer(randomBytes(32)).open('p', sealer.seal('p', 'secret'))).toThrow(/another master key/);
});

test('refuses a changed byte wherever it is', () => {
  const sealed = sealer.seal('p', 'secret');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => sealer.open('p', changed)).toThrow();
  }
});
