import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { followLines } from './follow-lines.ts';

/** What an API server answers to who follows the log, one after the other; the last one stands for all further ones. */
type Answer = (response: ServerResponse) => void;

let server: Server;
let client: KubeClient;
let answers: Answer[];
let asked: URLSearchParams[];
let heard: string[];
let ended: AbortController;
let stop: AbortController;

beforeEach(async () => {
  [asked, heard, ended, stop] = [[], [], new AbortController(), new AbortController()];
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x').searchParams);
    answers[Math.min(asked.length, answers.length) - 1]!(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const checked = checkKubeconfig(`
    current-context: c
    contexts: [{ name: c, context: { cluster: k, user: u } }]
    clusters: [{ name: k, cluster: { server: 'https://k' } }]
    users: [{ name: u, user: {} }]`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  // Of a user's kubeconfig only https is taken.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  checked.kubeconfig.clusters = checked.kubeconfig.clusters.map((cluster) => ({ ...cluster, server: url }));
  client = new KubeClient(checked.kubeconfig, 'test');
});
afterEach(async () => {
  stop.abort();
  await client.close();
  server.closeAllConnections();
  server.close();
});

const observer = {
  onProgress: ({ bytesDone }: { bytesDone: number }) => heard.push(`progress ${bytesDone}`),
  onWarning: ({ path }: { path: string }) => heard.push(`warning ${path}`),
};
const follow = () => followLines(client, 'mover', observer, ended.signal, stop.signal);

async function heardLines(count: number): Promise<void> {
  for (const until = Date.now() + 15_000; heard.length < count; await sleep(1)) {
    if (Date.now() > until) throw new Error(`heard only ${heard}`);
  }
}

/** @param at parts of the second, with the zeros that they end in or without */
const progress = (at: string, bytesDone: number) =>
  `2026-01-01T00:00:07${at}Z {"type":"progress","bytesDone":${bytesDone},"filesDone":0,"storedBytes":0}\n`;
const warning = (at: string, path: string) =>
  `2026-01-01T00:00:07${at}Z {"type":"warning","reason":"Vanished","path":"${path}","message":"gone"}\n`;
const says =
  (...lines: string[]): Answer =>
  (response) =>
    response.end(lines.join(''));
const endsWith =
  (...lines: string[]): Answer =>
  (response) => {
    ended.abort();
    response.end(lines.join(''));
  };

test('a log that ends while the mover runs is followed again from where it was, and no line is handed on twice', async () => {
  answers = [
    says(progress('.1', 1), warning('.12', 'a'), warning('.12', 'b')),
    // Servers go by whole seconds.
    says(progress('.1', 1), warning('.12', 'a'), warning('.12', 'b'), warning('.12', 'c')),
    endsWith(warning('.12', 'a'), warning('.12', 'b'), warning('.12', 'c'), progress('.3', 2)),
  ];
  await follow();
  expect(heard).toEqual(['progress 1', 'warning a', 'warning b', 'warning c', 'progress 2']);
  const since = asked.map((query) => query.get('sinceTime'));
  expect(since.slice(0, 3)).toEqual([null, '2026-01-01T00:00:07.120Z', '2026-01-01T00:00:07.120Z']);
});

test('of a log that was rotated meanwhile, the lines that are left are new', async () => {
  answers = [says(progress('.1', 1), progress('.2', 2), progress('.3', 3)), endsWith(progress('.4', 4), progress('.5', 5))];
  await follow();
  expect(heard).toEqual(['progress 1', 'progress 2', 'progress 3', 'progress 4', 'progress 5']);
});

test('a stream that breaks is taken up again', async () => {
  answers = [
    (response) => {
      response.write(progress('.1', 1));
      setTimeout(() => response.destroy(), 20);
    },
    (response) => response.writeHead(500).end('{}'),
    endsWith(progress('.1', 1), progress('.25', 2)),
  ];
  await follow();
  expect(heard).toEqual(['progress 1', 'progress 2']);
});

test('a clock that was set back hides nothing', async () => {
  answers = [(response) => response.write(progress('.9', 1) + progress('.1', 2))];
  const following = follow();
  await heardLines(2);
  stop.abort();
  await following;
  expect(heard).toEqual(['progress 1', 'progress 2']);
});

test('what is not of the protocol is passed by', async () => {
  answers = [endsWith('unable to retrieve container logs\n', '2026-01-01T00:00:07Z panic!\n', progress('', 1))];
  await follow();
  expect(heard).toEqual(['progress 1']);
});

test('what a mover said before it ended is asked for once more, and without delay', async () => {
  answers = [says(progress('.1', 1)), says(progress('.1', 1), warning('.2', 'last'))];
  const following = follow();
  await heardLines(1);
  ended.abort();
  await following;
  expect(heard).toEqual(['progress 1', 'warning last']);
  expect(asked).toHaveLength(2);
});

test('it ends when it is stopped', async () => {
  answers = [(response) => response.write(progress('.1', 1))];
  const following = follow();
  await heardLines(1);
  stop.abort();
  await following;
});
