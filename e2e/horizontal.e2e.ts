import type { RunView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';
import { MoverWatch } from './support/mover-watch.ts';

jest.setTimeout(900_000);

const SOURCE = 'e2e-horizontal';
const VOLUMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const MEGABYTES = 5;
/** MB per second: what bounds a volume is its stream, twenty seconds long, not the machine, which has a dozen services to run. */
const SPEED = 0.25;
const STREAMS = 4;
/** Each volume takes more than twenty seconds, and they go in rounds. */
const RUN_MS = 360_000;
/** All but data-mover-service. */
const OTHERS = { 'job-service': 2, 'snapshot-service': 2, 'restore-service': 2, 'provisioner-service': 2 };

let harness: Harness | undefined;

beforeAll(async () => {
  await start(2);
  await harness!.source.deleteNamespaces(SOURCE);
  await harness!.source.apply(
    namespace(SOURCE),
    ...VOLUMES.map((name) => claim(SOURCE, name)),
    deployment(SOURCE, 'web', VOLUMES),
  );
  await harness!.source.ready(SOURCE, 'deployment/web');
  const fill = VOLUMES.map((name) => `head -c ${MEGABYTES}000000 /dev/urandom >/${name}/f`);
  await harness!.source.exec(SOURCE, 'deploy/web', fill.join('; '));
});

afterAll(async () => {
  await harness?.source.deleteNamespaces(SOURCE);
  await harness?.stop();
});

/** Each replica of data-mover-service serves one volume on each side at a time. */
async function start(dataMovers: number): Promise<void> {
  await harness?.stop();
  harness = undefined;
  const replicas = { ...OTHERS, 'data-mover-service': dataMovers };
  harness = await Harness.start({ name: `horizontal-${dataMovers}`, replicas, env: { STREAM_WORKERS: '1' } });
}

/** @returns how long the volumes took from the first copy's beginning to the last restore's end, in seconds. */
async function moveVolumes(name: string, movers: number): Promise<number> {
  const { api, source, dest } = harness!;
  const watches = { copy: new MoverWatch('source'), restore: new MoverWatch('dest') };
  const target = `${SOURCE}-${name}`;
  try {
    const runId = await harness!.start(
      harness!.definition(name, {
        selection: { scope: 'Namespaces', namespaces: [SOURCE] },
        copy: { concurrentStreams: STREAMS, maxSpeedPerStreamMBps: SPEED },
        transforms: { renameNamespaces: { suffix: `-${name}` } },
      }),
    );
    const inUse = { copy: 0, restore: 0 };
    const run = await api.until(
      runId,
      (seen) => {
        for (const side of ['copy', 'restore'] as const) inUse[side] = Math.max(inUse[side], streamsOf(seen, side));
        return seen.finishedAt !== undefined;
      },
      RUN_MS,
    );
    if (run.phase !== 'Succeeded') throw new Error(await api.story(runId));
    for (const side of ['copy', 'restore'] as const) {
      expect(watches[side].seen.size).toBe(VOLUMES.length);
      expect(watches[side].most).toBe(movers);
      expect(inUse[side]).toBeGreaterThan(0);
      expect(inUse[side]).toBeLessThanOrEqual(STREAMS);
    }
    const sums = `md5sum ${VOLUMES.map((volume) => `/${volume}/f`).join(' ')}`;
    await dest.ready(target, 'deployment/web');
    expect(await dest.exec(target, 'deploy/web', sums)).toBe(await source.exec(SOURCE, 'deploy/web', sums));
    expect(await harness!.leftovers(runId)).toEqual([]);
    return spanOf(run);
  } finally {
    for (const watch of Object.values(watches)) watch.stop();
    await dest.deleteNamespaces(target);
  }
}

function streamsOf(run: RunView, side: 'copy' | 'restore'): number {
  const moving = run.volumes.map((volume) => volume[side]).filter((progress) => progress && !progress.finishedAt);
  return moving.reduce((sum, progress) => sum + (progress!.streams ?? 0), 0);
}

function spanOf({ volumes }: RunView): number {
  const first = Math.min(...volumes.map(({ copy }) => Date.parse(copy!.startedAt!)));
  const last = Math.max(...volumes.map(({ restore }) => Date.parse(restore!.finishedAt!)));
  return (last - first) / 1000;
}

test('several replicas of every service: twice as many data movers are faster, and streams are never more than asked for', async () => {
  const withTwo = await moveVolumes('two', 2);
  await start(4);
  const withFour = await moveVolumes('four', 4);
  expect(withFour).toBeLessThan(withTwo * 0.85);
});
