import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { ClusterLock } from './cluster-lock.ts';
import { PrismaService } from './prisma.service.ts';

let database: TestDatabase;
let one: PrismaService;
let other: PrismaService;

beforeAll(async () => {
  database = await createTestDatabase();
  [one, other] = [new PrismaService(database.url), new PrismaService(database.url)];
});
afterAll(async () => {
  await Promise.all([one?.$disconnect(), other?.$disconnect()]);
  await database?.drop();
});

/** Work that counts how many do it at once. */
class Watched {
  most = 0;
  done = 0;
  private now = 0;

  readonly work = async () => {
    this.most = Math.max(this.most, ++this.now);
    await sleep(10);
    this.now--;
    this.done++;
  };
}

test('a cluster has one holder at once, over processes too', async () => {
  const [here, there] = [new ClusterLock(one), new ClusterLock(other)];
  const [cluster, watched] = [randomUUID(), new Watched()];
  await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? here : there).hold(cluster, watched.work)));
  expect(watched).toMatchObject({ most: 1, done: 20 });
});

test('clusters do not wait for each other', async () => {
  const lock = new ClusterLock(one);
  const second = Promise.withResolvers<void>();
  // The first ends only when the second has been held meanwhile.
  await Promise.all([lock.hold(randomUUID(), () => second.promise), lock.hold(randomUUID(), async () => second.resolve())]);
});

test('a holder that throws frees the cluster', async () => {
  const [here, there, cluster] = [new ClusterLock(one), new ClusterLock(other), randomUUID()];
  const failing = here.hold(cluster, async () => {
    throw new Error('it broke');
  });
  const next = here.hold(cluster, async () => 'here');
  await expect(failing).rejects.toThrow('it broke');
  expect(await next).toBe('here');
  expect(await there.hold(cluster, async () => 'there')).toBe('there');
});

test('those that wait leave the connections to others', async () => {
  const lock = new ClusterLock(one);
  const [cluster, free] = [randomUUID(), Promise.withResolvers<void>()];
  const holding = Promise.withResolvers<void>();
  const work = () => {
    holding.resolve();
    return free.promise;
  };
  const held = Array.from({ length: 30 }, () => lock.hold(cluster, work));
  await holding.promise;
  await sleep(200); // by now the others would be at Postgres too
  const [row] = await other.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
  const [waiting] = await other.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`;
  free.resolve();
  await Promise.all(held);
  expect(row).toEqual({ count: 1 });
  expect(waiting).toEqual({ count: 0 });
});
