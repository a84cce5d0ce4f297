import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { RequestGate } from './request-gate.ts';

async function fill(gate: RequestGate): Promise<number> {
  const count = gate.width;
  for (let i = 0; i < count; i++) await gate.enter();
  return count;
}

test('who comes when it is full waits in line, first come first served', async () => {
  const gate = new RequestGate();
  await fill(gate);
  const order: string[] = [];
  const waiting = ['a', 'b'].map((name) => gate.enter().then(() => order.push(name)));
  await sleep(5);
  expect(order).toEqual([]);
  gate.leave();
  gate.leave();
  await Promise.all(waiting);
  expect(order).toEqual(['a', 'b']);
});

test('one who gives up leaves the line and takes no place', async () => {
  const gate = new RequestGate();
  const count = await fill(gate);
  const controller = new AbortController();
  const gaveUp = gate.enter(controller.signal);
  const patient = gate.enter();
  controller.abort(new Error('cancelled'));
  await expect(gaveUp).rejects.toThrow('cancelled');
  gate.leave();
  await patient;
  for (let i = 0; i < count; i++) gate.leave();
  expect(await fill(gate)).toBe(count);
});

test('after a sign that the server is busy, fewer get through than have left', async () => {
  const gate = new RequestGate();
  const count = await fill(gate);
  let entered = 0;
  const waiting = Array.from({ length: count }, () => gate.enter().then(() => entered++));
  gate.onBusy();
  gate.leave();
  for (let i = 1; i < count; i++) gate.leave();
  await sleep(5);
  expect(gate.width).toBe(count / 2);
  expect(entered).toBe(count / 2);
  for (let i = 0; i < count / 2; i++) gate.leave();
  await Promise.all(waiting);
});
