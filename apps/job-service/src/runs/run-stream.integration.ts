import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaService } from '@godwit/db/prisma.service';
import { appendEvents, lockRun, RunEventStore } from '@godwit/db/run-event-store';
import { RunNews } from '@godwit/queue/run-news';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, type Registered } from '../../test/api.ts';
import { EventReader } from '../../test/event-reader.ts';
import { eventually } from '../../test/eventually.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(6);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

const line = (message: string) => ({ level: 'info' as const, message });
const open = (runId: string, headers = {}, query = '') =>
  EventReader.open(`${service.url}/api/runs/${runId}/stream${query}`, headers);
const messages = (reader: EventReader) => reader.of('log').map(({ data }) => (data as { message: string }).message);

async function start(name: string): Promise<string> {
  const id = await api.idOf(api.post('/migrations', migration(name, registered)));
  return api.idOf(api.post(`/migrations/${id}/runs`));
}

async function append(runId: string, ...texts: string[]): Promise<void> {
  await get(RunEventStore).append(runId, ...texts.map(line));
  await get(RunNews).tell(runId);
}

test('the log comes in order, the run as it changes, and the end', async () => {
  const run = await start('ends');
  await append(run, 'one', 'two');
  const reader = await open(run);
  await reader.until(() => messages(reader).length === 2 && reader.of('run').length > 0);
  // It is being advanced meanwhile.
  await eventually(async () => expect(reader.of('run').at(-1)!.data).toEqual((await api.get(`/runs/${run}`)).body));
  await append(run, 'three');
  await reader.until(() => messages(reader).length === 3);
  await get(PrismaService).run.update({ where: { id: run }, data: { phase: 'Succeeded' } });
  await append(run, 'at the very end');
  await reader.ended;
  expect(messages(reader)).toEqual(['one', 'two', 'three', 'at the very end']);
  expect(reader.of('log').map(({ data }) => (data as { id: string }).id)).toEqual(reader.of('log').map(({ id }) => id));
  expect(reader.events.slice(-2)).toMatchObject([{ event: 'run', data: { phase: 'Succeeded' } }, { event: 'end' }]);
});

test('a run that has finished is told as a whole, and the stream ends', async () => {
  const run = await start('finished');
  await append(run, ...Array.from({ length: 1200 }, (_, index) => `line ${index}`));
  await get(PrismaService).run.update({ where: { id: run }, data: { phase: 'Failed' } });
  const reader = await open(run);
  await reader.ended;
  expect(messages(reader)).toEqual(Array.from({ length: 1200 }, (_, index) => `line ${index}`));
  expect(reader.events.slice(-2).map(({ event }) => event)).toEqual(['run', 'end']);
});

test('who comes again with the last id goes on there', async () => {
  const run = await start('again');
  await append(run, 'one', 'two', 'three');
  const first = await open(run);
  await first.until(() => messages(first).length === 3);
  await first.close();
  const known = first.of('log')[1]!.id!;
  await get(PrismaService).run.update({ where: { id: run }, data: { phase: 'Succeeded' } });
  // A browser sends the query of its first request again: the header is newer.
  for (const again of [
    await open(run, { 'Last-Event-ID': known }),
    await open(run, {}, `?after=${known}`),
    await open(run, { 'Last-Event-ID': known }, '?after=0'),
  ]) {
    await again.ended;
    expect(messages(again)).toEqual(['three']);
  }
  const all = await open(run, { 'Last-Event-ID': 'nonsense' });
  await all.ended;
  expect(messages(all)).toEqual(['one', 'two', 'three']);
});

test('nothing is lost or repeated while many write, some of them slowly, and the reader comes and goes', async () => {
  const run = await start('many');
  const slowly = (message: string) =>
    get(PrismaService).$transaction(async (transaction) => {
      await lockRun(transaction, run);
      await appendEvents(transaction, run, [line(message)]);
      await sleep(50);
    });
  const writing = (async () => {
    for (let round = 0; round < 10; round++) {
      const fast = Array.from({ length: 8 }, (_, index) => append(run, `fast ${round} ${index}`));
      await Promise.all([slowly(`slow ${round}`), ...fast]);
    }
    await append(run, 'last');
  })();
  const heard: string[] = [];
  let known = '0';
  while (heard.at(-1) !== 'last') {
    const reader = await open(run, { 'Last-Event-ID': known });
    await reader.until(() => messages(reader).length > 0);
    await reader.close();
    heard.push(...messages(reader));
    known = reader.of('log').at(-1)!.id!;
  }
  await writing;
  expect(heard).toEqual((await get(RunEventStore).list(run)).map(({ message }) => message));
  expect(new Set(heard).size).toBe(91);
});

test('a reader that is gone is forgotten', async () => {
  const listeners = Reflect.get(get(RunNews), 'listeners') as Map<string, unknown>;
  const run = await start('gone');
  const readers = await Promise.all([open(run), open(run)]);
  await Promise.all(readers.map((reader) => reader.until(() => reader.of('run').length > 0)));
  expect(listeners.has(run)).toBe(true);
  await Promise.all(readers.map((reader) => reader.close()));
  for (let tries = 0; listeners.has(run) && tries < 100; tries++) await sleep(50);
  expect(listeners.has(run)).toBe(false);
});

test('the loss of Postgres, and of the news, interrupts no reader', async () => {
  const run = await start('interrupted');
  const reader = await open(run);
  await reader.until(() => reader.of('run').length > 0);
  await service.database.disconnectAll();
  await sleep(500);
  await get(RunEventStore).append(run, line('after the loss')); // and nobody tells the news
  await reader.until(() => messages(reader).includes('after the loss'));
  await reader.close();
});
