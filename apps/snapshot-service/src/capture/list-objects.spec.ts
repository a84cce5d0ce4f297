import { Selection } from '@godwit/contracts/migration-definition';
import type { KubeClient } from '@godwit/kube/kube-client';
import { CUSTOM_RESOURCE_DEFINITION, NAMESPACE, type ResourceType, SECRET } from '@godwit/kube/resource-type';
import { readSelection } from '@godwit/selection/selection-criteria';
import { afterEach, expect, test } from '@jest/globals';
import { clientOf, PagedApi, type Refusal, type ServedList } from '../../test/paged-api.ts';
import { listObjects } from './list-objects.ts';

let api: PagedApi;
const started: { api: PagedApi; client: KubeClient }[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) {
    await each.client.close();
    await each.api.stop();
  }
});

const secrets = (count: number, namespace = 'shop'): ServedList => ({
  count,
  object: (index) => ({ metadata: { name: `s${index}`, namespace } }),
});
const FORBIDDEN = { status: 403, body: { reason: 'Forbidden', message: 'secrets is forbidden: User "u" cannot list it' } };
const EXPIRED = { status: 410, body: { reason: 'Expired', message: 'The provided continue parameter is too old' } };

/** Lists; of each object its name is kept. */
async function list(
  lists: Record<string, ServedList>,
  {
    types = [SECRET],
    namespaces = ['shop'],
    selection = {},
    refuse,
  }: {
    types?: ResourceType[];
    namespaces?: string[];
    selection?: object;
    refuse?: (url: URL, seen: readonly URL[]) => Refusal | undefined;
  } = {},
) {
  api = await PagedApi.start(lists, refuse);
  const client = clientOf(api.url);
  started.push({ api, client });
  return listObjects({
    client,
    types,
    criteria: readSelection(Selection.parse(selection), namespaces),
    stale: [],
    take: async (_type, objects) => objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
    signal: AbortSignal.timeout(20_000),
  });
}

const names = (count: number, namespace = 'shop') => Array.from({ length: count }, (_, index) => `Secret ${namespace}/s${index}`);
const limitsAsked = () => api.requests.map(({ searchParams }) => Number(searchParams.get('limit')));
const SHOP = '/api/v1/namespaces/shop/secrets';

test('a list of many pages is read to its end, and its one moment is kept', async () => {
  const { taken, lists } = await list({ [SHOP]: secrets(1234) });
  expect(taken).toEqual(names(1234));
  expect(lists).toEqual([{ apiVersion: 'v1', kind: 'Secret', namespace: 'shop', resourceVersion: '1001', objects: 1234 }]);
  expect(limitsAsked()).toEqual([100, 200, 400, 500, 500]);
});

test('pages get smaller where objects are large, and larger again', async () => {
  const data = 'x'.repeat(1 << 16);
  const object = (index: number) => ({ metadata: { name: `s${index}`, namespace: 'shop' }, ...(index < 130 ? { data } : {}) });
  expect((await list({ [SHOP]: { count: 200, object } })).taken).toEqual(names(200));
  expect(limitsAsked()).toEqual([100, 15, 15, 15, 30, 60]);
});

test('many namespaces are read by one list of the cluster, of which only theirs is taken', async () => {
  const namespaces = Array.from({ length: 11 }, (_, index) => `ns${index}`);
  const mixed = { count: 40, object: (index: number) => ({ metadata: { name: `s${index}`, namespace: `ns${index}` } }) };
  const { taken, lists } = await list({ '/api/v1/secrets': mixed }, { namespaces });
  expect(taken).toHaveLength(11);
  expect(lists).toMatchObject([{ kind: 'Secret', objects: 11 }]);
  expect(lists[0]).not.toHaveProperty('namespace');
});

test('a list that expires before its end begins anew and leaves nothing of its first part', async () => {
  let expired = 0;
  const { taken, lists } = await list(
    { [SHOP]: secrets(500) },
    { refuse: ({ searchParams }) => (searchParams.get('continue')?.endsWith(':100') && expired++ < 2 ? EXPIRED : undefined) },
  );
  expect(expired).toBe(3);
  expect(taken).toEqual(names(500));
  expect(lists).toMatchObject([{ resourceVersion: '1005', objects: 500 }]);
});

test('a list that always expires is not left out: the step is tried again', async () => {
  const listing = list(
    { [SHOP]: secrets(500) },
    { refuse: ({ searchParams }) => (searchParams.has('continue') ? EXPIRED : undefined) },
  );
  await expect(listing).rejects.toMatchObject({ reason: 'Expired', kind: 'retryable' });
});

test('a kind that may not be listed is left out and told once, the others are read', async () => {
  const { taken, findings } = await list(
    { '/api/v1/namespaces': { count: 1, object: () => ({ metadata: { name: 'shop' } }) } },
    {
      types: [SECRET, NAMESPACE],
      namespaces: ['shop', 'web'],
      refuse: ({ pathname }) => (pathname.endsWith('secrets') ? FORBIDDEN : undefined),
    },
  );
  expect(taken).toEqual(['Namespace /shop']);
  expect(findings).toMatchObject([{ severity: 'warning', reason: 'ListForbidden', object: 'secrets', cure: expect.any(String) }]);
});

test('a kind that may be listed in some namespaces only is read there', async () => {
  const namespaces = Array.from({ length: 12 }, (_, index) => `ns${index}`);
  const lists = Object.fromEntries(namespaces.map((name) => [`/api/v1/namespaces/${name}/secrets`, secrets(2, name)]));
  const open = /ns(3|7)\/secrets$/;
  const { taken, findings } = await list(lists, {
    namespaces,
    refuse: ({ pathname }) => (open.test(pathname) ? undefined : FORBIDDEN),
  });
  expect(taken.sort()).toEqual([...names(2, 'ns3'), ...names(2, 'ns7')]);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.message).toContain('(so in ns0, ns1, ns10, ns11, ns2 and 5 more)');
});

test.each([['secrets'], ['Secret'], ['secrets.core']])(
  'a kind that the selection asks for as %s must be listed',
  async (entry) => {
    const listing = list({}, { selection: { resourceTypes: [entry] }, refuse: () => FORBIDDEN });
    await expect(listing).rejects.toMatchObject({
      kind: 'fatal',
      reason: 'ListForbidden',
      message: expect.stringContaining('asks for secrets'),
      cure: expect.stringMatching(/permission.*take secrets out/),
    });
  },
);

test('a kind that is one of a group that the selection asks for is left out', async () => {
  const listing = list({}, { selection: { resourceTypes: ['core'] }, refuse: () => FORBIDDEN });
  expect((await listing).findings).toMatchObject([{ reason: 'ListForbidden' }]);
});

test('a server that is busy fails the listing, whatever else was read', async () => {
  const listing = list(
    { [SHOP]: secrets(10) },
    {
      types: [SECRET, CUSTOM_RESOURCE_DEFINITION],
      refuse: ({ pathname }) => (pathname.startsWith('/apis') ? { status: 500, body: {} } : undefined),
    },
  );
  await expect(listing).rejects.toMatchObject({ kind: 'retryable' });
});

test('when a listing fails, nothing goes on taking what other lists show', async () => {
  api = await PagedApi.start({ [SHOP]: secrets(5000) }, ({ pathname }) => (pathname === SHOP ? undefined : FORBIDDEN));
  const client = clientOf(api.url);
  started.push({ api, client });
  let [begun, ended] = [0, 0];
  const listing = listObjects({
    client,
    types: [SECRET],
    criteria: readSelection(Selection.parse({ resourceTypes: ['secrets'] }), ['shop', 'web']),
    stale: [],
    take: async () => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      ended += 1;
      return [];
    },
    signal: AbortSignal.timeout(20_000),
  });
  await expect(listing).rejects.toMatchObject({ reason: 'ListForbidden' });
  const then = begun;
  expect(ended).toBe(then);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(begun).toBe(then);
});

test('integers that would be rounded are told of once for a list, those in strings are not', async () => {
  const shown = async (spec: object) => {
    const { findings } = await list({
      [SHOP]: { count: 300, object: () => ({ metadata: { name: 'a', namespace: 'shop' }, spec }) },
    });
    return findings.map(({ reason, object }) => `${reason} ${object}`);
  };
  expect(await shown({ id: 2 ** 53 })).toEqual(['NumbersRounded secrets']);
  expect(await shown([1, -(2 ** 62)])).toEqual(['NumbersRounded secrets']);
  expect(await shown({ a: 'x:9007199254740993', b: Number.MAX_SAFE_INTEGER, c: 1.5e300, d: 'a:[1234567890123456789]' })).toEqual(
    [],
  );
});
