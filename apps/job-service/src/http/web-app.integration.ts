import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { serveWebApp } from './web-app.ts';

@Module({})
class Nothing {}

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))});`;
const directory = mkdtempSync(join(tmpdir(), 'godwit-web-app-'));
let app: NestExpressApplication;

beforeAll(async () => {
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Godwit</title>');
  const file = join(directory, 'assets/app-1.js');
  writeFileSync(file, SCRIPT);
  writeFileSync(`${file}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${file}.gz`, gzipSync(SCRIPT));
  writeFileSync(join(directory, 'assets/small-1.js'), 'small');
  app = await NestFactory.create<NestExpressApplication>(Nothing, { logger: false });
  app.use('/api/stream', (_request: Request, response: Response) => {
    response.type('text/event-stream').write('data: first\n\n'); // and never ends
  });
  serveWebApp(app, directory);
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

function ask(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return new Promise((resolve, reject) => get({ port, path, headers, agent: false }, resolve).on('error', reject));
}

test.each([
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
  ['identity', undefined, (body: Buffer) => body],
])('a script is served to who accepts %s as %s, kept for good', async (accepted, encoding, unpack) => {
  const answer = await ask('/assets/app-1.js', { 'accept-encoding': accepted });
  const body = Buffer.concat(await answer.toArray());
  expect(unpack(body).toString()).toBe(SCRIPT);
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringMatching(/^text\/javascript; charset=utf-8$/i),
    'content-length': String(body.length),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  expect(answer.headers['content-encoding']).toBe(encoding);
  const again = await ask('/assets/app-1.js', { 'accept-encoding': accepted, 'if-none-match': answer.headers.etag! });
  again.resume();
  expect(again.statusCode).toBe(304);
});

test('what has no compressed copy is served as it is, a page is asked for again each time', async () => {
  const small = await ask('/assets/small-1.js', { 'accept-encoding': 'br' });
  expect([Buffer.concat(await small.toArray()).toString(), small.headers['content-encoding']]).toEqual(['small', undefined]);
  const page = await ask('/migrations', { accept: 'text/html', 'accept-encoding': 'br' });
  expect(Buffer.concat(await page.toArray()).toString()).toContain('Godwit');
  expect([page.headers['cache-control'], page.headers['content-encoding']]).toEqual(['no-cache', undefined]);
  const missing = await ask('/assets/app-1.css', { accept: 'text/html' });
  missing.resume();
  expect(missing.statusCode).toBe(404);
});

test('a stream of events is told at once, and not compressed', async () => {
  const answer = await ask('/api/stream', { 'accept-encoding': 'gzip, br' });
  const [first] = await answer.take(1).toArray();
  expect([String(first), answer.headers['content-encoding']]).toEqual(['data: first\n\n', undefined]);
  answer.destroy();
});
