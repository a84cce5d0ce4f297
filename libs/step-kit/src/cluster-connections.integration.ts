import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Destination } from '@godwit/contracts/destination';
import { ClusterStore } from '@godwit/db/cluster-store';
import { type ClusterAccess, CreatedClusterStore } from '@godwit/db/created-cluster-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { endpointGuard } from '@godwit/service-kit/address-guard';
import { Sealer } from '@godwit/service-kit/sealer';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeCertificates } from '../../../tools/testing/s3/make-certificates.ts';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { ClusterConnections } from './cluster-connections.ts';

const MINUTE = 60_000;

let database: TestDatabase;
let prisma: PrismaService;
let server: Server;
let caData: string;
/** Of all requests, in their order. */
const tokens: (string | undefined)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  const directory = mkdtempSync(join(tmpdir(), 'godwit-connections-'));
  const { certificate, key, caBundle } = await makeCertificates(directory, ['IP:127.0.0.1']);
  server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (asked, answer) => {
    tokens.push(asked.headers.authorization);
    answer.end('{}');
  });
  caData = Buffer.from(caBundle).toString('base64');
  rmSync(directory, { recursive: true });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  await prisma?.$disconnect();
  await database?.drop();
});

function access(token: string, minutes: number): ClusterAccess {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server: url, 'certificate-authority-data': caData } }],
    users: [{ name: 'u', user: { token } }],
  });
  return { server: url, kubeconfig, expiresAt: new Date(Date.now() + minutes * MINUTE) };
}

test('a client that a step holds gets the token that was renewed meanwhile; each is renewed once by many', async () => {
  const sealer = new Sealer(randomBytes(32));
  const [clusters, created] = [new ClusterStore(prisma, sealer), new CreatedClusterStore(prisma, sealer)];
  const run = await createTestRun(prisma);
  const account = { name: 'a', provider: 'GCP', identity: 'i', sealedCredentials: new Uint8Array(1) };
  const { id: cloudAccountId } = await prisma.cloudAccount.create({
    data: { ...account, organisationId: run.organisationId },
  });
  const nodePools = [{ name: 'nodes', machineType: 'e2-standard-4' }];
  const made = { type: 'GKE', cloudAccountId, name: 'made', location: 'europe-west1', version: '1.34', nodePools };
  const destination = Destination.parse(made);
  if (destination.type === 'Registered') throw new Error('it is to be created');
  const id = await created.register(run, destination, access('first', 3));
  expect(await prisma.run.findUniqueOrThrow({ where: { id: run.id } })).toMatchObject({ destClusterId: id });

  const connections = new ClusterConnections(clusters, endpointGuard({ allowed: ['127.0.0.0/8'], denied: [] }));
  const client = await connections.get(id);
  await client.json('/version');
  expect(await created.renewDue(new Date(), async () => access('too early', 15))).toBe(0);
  const soon = new Date(Date.now() + 7 * MINUTE);
  expect(await created.renewDue(soon, async () => undefined)).toBe(0);
  const renewals = await Promise.all(
    [1, 2, 3].map(() =>
      created.renewDue(soon, async ({ name, parameters }) => {
        expect([name, parameters.type]).toEqual(['made', 'GKE']);
        return access('second', 15);
      }),
    ),
  );
  expect(renewals.sort()).toEqual([0, 0, 1]);
  await sleep(1_100);
  await client.json('/version');
  expect(tokens).toEqual(['Bearer first', 'Bearer second']);
  await connections.onModuleDestroy();
});
