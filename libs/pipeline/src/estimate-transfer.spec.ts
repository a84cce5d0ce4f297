import { expect, test } from '@jest/globals';
import { type EarlierCopy, estimateTransfer } from './estimate-transfer.ts';

const GB = 1e9;
const volume = (id: string, capacityBytes: number) => ({ id, claim: `shop/${id}`, capacityBytes });

/** @param seconds how long it took with its streams */
function copy(name: string, bytes: number, seconds: number, streams: number): EarlierCopy {
  const [startedAt, finishedAt] = [0, seconds * 1000].map((time) => new Date(time).toISOString());
  return {
    claim: `shop/${name}`,
    copy: { bytesDone: bytes, bytesTotal: bytes, filesDone: 1, storedBytes: 1, streams, startedAt, finishedAt },
  };
}

test('without any measurement the whole capacity moves at an assumed rate, and the basis says so', () => {
  const estimate = estimateTransfer([volume('a', 8 * GB), volume('b', 4 * GB)], { concurrentStreams: 4 }, []);
  expect(estimate).toMatchObject({ bytes: 12 * GB, seconds: 75 });
  expect(Object.fromEntries(estimate.volumes)).toEqual({ a: 100, b: 50 });
  expect(estimate.basis).toBe(
    'assumed 40 MB/s per stream, as no earlier run between this cluster and store has measured it; all volumes with their ' +
      'whole capacity, as nobody knows yet how full they are',
  );
});

test('earlier copies tell the rate of a stream, and how full their volumes are', () => {
  const earlier = [copy('a', 2 * GB, 10, 2), copy('gone', 2 * GB, 20, 1)];
  const estimate = estimateTransfer([volume('a', 8 * GB), volume('b', 4 * GB)], { concurrentStreams: 2 }, earlier);
  expect(estimate).toMatchObject({ bytes: 6 * GB, seconds: 30 });
  expect(estimate.basis).toBe(
    '100 MB/s per stream, as measured in earlier runs between this cluster and store; 1 of 2 volumes with their whole ' +
      'capacity, as nobody knows yet how full they are',
  );
});

test('the latest of several copies of a volume tells its size', () => {
  const earlier = [copy('a', 3 * GB, 30, 1), copy('a', 1 * GB, 10, 1)];
  const estimate = estimateTransfer([volume('a', 8 * GB)], { concurrentStreams: 1 }, earlier);
  expect(estimate).toMatchObject({ bytes: 3 * GB, seconds: 30 });
  expect(estimate.basis).toMatch(/; sizes as in an earlier run$/);
});

test('a limit of the speed holds even where more was measured, and not where less was', () => {
  const limits = { concurrentStreams: 1, maxSpeedPerStreamMBps: 10 };
  expect(estimateTransfer([volume('a', GB)], limits, [copy('b', 2 * GB, 10, 1)])).toMatchObject({ seconds: 100 });
  expect(estimateTransfer([volume('a', GB)], limits, [copy('b', 2 * GB, 10, 1)]).basis).toMatch(/^limited to 10 MB\/s/);
  expect(estimateTransfer([volume('a', GB)], limits, [copy('b', GB, 1000, 1)])).toMatchObject({ seconds: 1000 });
});

test('no volume takes no time', () => {
  expect(estimateTransfer([], { concurrentStreams: 2 }, [])).toMatchObject({ seconds: 0, bytes: 0 });
});
