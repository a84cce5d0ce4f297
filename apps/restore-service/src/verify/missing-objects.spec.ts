import type { RunObject } from '@godwit/db/run-object-store';
import { toDiscovery } from '@godwit/kube/discovery';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONFIG_MAP, StubApiServer } from '../../../../libs/kube/test/stub-api-server.ts';
import { missingObjects } from './missing-objects.ts';

let server: StubApiServer;

beforeEach(async () => {
  server = await StubApiServer.start();
  server.put(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'there' } });
});
afterEach(() => server.stop());

function applied(name: string, outcome: RunObject['outcome'], kind = 'ConfigMap', apiVersion = 'v1'): RunObject {
  return { apiVersion, kind, namespace: 'shop', name, outcome };
}

async function missing(...objects: RunObject[]) {
  async function* each() {
    yield* objects;
  }
  const found = await missingObjects(server.client, toDiscovery([CONFIG_MAP], []), each(), AbortSignal.timeout(5_000));
  return found.map(({ severity, object }) => `${severity} ${object}`);
}

test('what was applied and is gone is named; what was never applied is not looked for', async () => {
  const objects = [
    applied('there', 'Created'),
    applied('gone', 'Created'),
    applied('refused', 'Failed'),
    applied('left', 'Skipped'),
  ];
  expect(await missing(...objects)).toEqual(['error ConfigMap shop/gone']);
  expect(server.requests).toHaveLength(1);
});

test('a custom resource that is gone is a warning: its operator may have taken it; so is one whose kind went', async () => {
  expect(await missing(applied('one', 'Created', 'Widget', 'example.com/v1'))).toEqual(['warning Widget shop/one']);
});

test('what may not be listed is not called missing', async () => {
  server.refuse = () => ({ code: 403, reason: 'Forbidden', message: 'cannot list' });
  expect(await missing(applied('there', 'Created'))).toEqual([]);
});
