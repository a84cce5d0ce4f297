import { randomUUID } from 'node:crypto';
import type { CreatedDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ClusterProvider, Observation } from '../cluster-provider.ts';

/** A cloud that tests can look into, and let fail. */
export interface CloudUnderTest {
  provider: ClusterProvider;
  destination(): CreatedDestination;
  /** Forgets all that was made. */
  reset(): Promise<void>;
  /** All that there is of what runs make, whoever made it; sorted. */
  inventory(): Promise<string[]>;
  /** What a complete creation by a run leaves. */
  complete(runId: string, name: string): string[];
  /** Requests that make something, since the last reset. */
  creations(): string[];
  /** Does so many more requests; of the last one nobody hears, then nothing is answered until `revive`. */
  killAfter(requests: number, onKill: () => void): void;
  revive(): void;
  /** At how many requests workers die in each test, where every death takes minutes; absent: at each. */
  mostDeaths?: number;
  /** The creation of a cluster is refused, for its quota. */
  refuseForQuota(text: string): void;
}

/** A worker that dies is not heard of again: its signal ends all that it would do next. */
class Died extends Error {}

/** More requests than a creation or a deletion takes. */
const MOST_REQUESTS = 200;

/** The laws of ClusterProvider, for any cloud: an emulator, or the real one. */
export function describeProvider(name: string, open: () => CloudUnderTest): void {
  describe(`clusters of ${name}`, () => {
    let cloud: CloudUnderTest;
    let runId: string;

    beforeEach(async () => {
      cloud = open();
      runId = randomUUID();
      await cloud.reset();
    });

    const call = (signal = new AbortController().signal, seen: Observation[] = []) => ({
      signal,
      observe: (observation: Observation) => void seen.push(observation),
    });
    const ensure = (id = runId) => cloud.provider.ensureCluster(id, cloud.destination(), call());
    const remove = (id = runId) => cloud.provider.deleteCluster(id, cloud.destination(), call());

    /** Does a work by workers that die after 1, 2, 3 … requests, until one lives to its end. @returns how many died */
    async function withDeaths(work: (signal: AbortSignal) => Promise<void>, afterEach: () => Promise<void>): Promise<number> {
      for (let requests = 1; requests < MOST_REQUESTS; requests++) {
        if (requests > (cloud.mostDeaths ?? MOST_REQUESTS)) {
          await work(new AbortController().signal);
          return requests - 1;
        }
        const controller = new AbortController();
        cloud.killAfter(requests, () => controller.abort(new Died()));
        const error = await work(controller.signal).then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        cloud.revive();
        if (!error) return requests - 1;
        // It is to end by its death alone.
        if (!controller.signal.aborted) throw error;
        await afterEach();
      }
      throw new Error('the work has no end');
    }

    test('a cluster is created with all that it needs, and made once however often it is asked for', async () => {
      const seen: Observation[] = [];
      await cloud.provider.ensureCluster(runId, cloud.destination(), call(undefined, seen));
      const complete = cloud.complete(runId, cloud.destination().name);
      expect(await cloud.inventory()).toEqual(complete);
      expect(new Set(seen.map(({ state }) => state)).size).toBeGreaterThan(1);
      const made = cloud.creations().length;
      await ensure();
      expect(cloud.creations()).toHaveLength(made);
      expect(await cloud.inventory()).toEqual(complete);
    });

    test('a deleted cluster leaves nothing; what is not there is no error', async () => {
      await ensure();
      await remove();
      expect(await cloud.inventory()).toEqual([]);
      await remove();
    });

    test('a worker that dies at any request of a creation leaves what the next one makes whole: one cluster', async () => {
      const complete = cloud.complete(runId, cloud.destination().name);
      const deaths = await withDeaths(
        (signal) => cloud.provider.ensureCluster(runId, cloud.destination(), call(signal)),
        async () => {
          await ensure();
          expect(await cloud.inventory()).toEqual(complete);
          await cloud.reset();
        },
      );
      expect(deaths).toBeGreaterThan(5);
    });

    test('a creation that was cut off at any request is deleted without a trace', async () => {
      const deaths = await withDeaths(
        (signal) => cloud.provider.ensureCluster(runId, cloud.destination(), call(signal)),
        async () => {
          await remove();
          expect(await cloud.inventory()).toEqual([]);
        },
      );
      expect(deaths).toBeGreaterThan(5);
    });

    test('a worker that dies at any request of a deletion leaves what the next one deletes', async () => {
      await ensure();
      const deaths = await withDeaths(
        (signal) => cloud.provider.deleteCluster(runId, cloud.destination(), call(signal)),
        async () => {
          await remove();
          expect(await cloud.inventory()).toEqual([]);
          await ensure();
        },
      );
      expect(deaths).toBeGreaterThan(2);
      expect(await cloud.inventory()).toEqual([]);
    });

    test('a cluster of another run is neither taken nor deleted', async () => {
      await ensure();
      const before = await cloud.inventory();
      await expect(ensure(randomUUID())).rejects.toMatchObject({
        kind: 'fatal',
        reason: 'ClusterNameTaken',
        message: expect.stringContaining(runId),
      });
      await remove(randomUUID());
      expect(await cloud.inventory()).toEqual(before);
    });

    test('what the provider refuses is told in its own words, with a cure', async () => {
      cloud.refuseForQuota('You have 100 of 100 clusters.');
      const error = await ensure().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(FatalError);
      expect(error).toMatchObject({
        reason: 'QuotaExceeded',
        message: expect.stringContaining('You have 100 of 100 clusters.'),
        cure: expect.stringContaining('quota'),
      });
      await remove();
      expect(await cloud.inventory()).toEqual([]);
    });

    test('credentials are of the cluster, end later, and are no plugin', async () => {
      await ensure();
      const credentials = await cloud.provider.credentials(cloud.destination(), new AbortController().signal);
      expect(credentials.kubeconfig).not.toMatch(/exec|auth-provider|tokenFile/);
      expect(credentials.kubeconfig).toContain(credentials.server);
      if (credentials.expiresAt) expect(credentials.expiresAt.getTime()).toBeGreaterThan(Date.now() + 5 * 60_000);
    });
  });
}
