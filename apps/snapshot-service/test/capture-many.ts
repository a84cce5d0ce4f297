import { randomBytes } from 'node:crypto';
import { Selection } from '@godwit/contracts/migration-definition';
import type { ResourceType } from '@godwit/kube/resource-type';
import { readSelection } from '@godwit/selection/selection-criteria';
import { captureObjects } from '../src/capture/capture-objects.ts';
import { Spool } from '../src/capture/spool.ts';
import { clientOf } from './paged-api.ts';

/*
 * Captures everything that the API server at argv[2] lists of the kinds in argv[3] (JSON), in a process of its own whose heap is
 * limited, and tells what came out and the most memory that it had. The archive's parts are counted and thrown away.
 */
const [, , url = '', types = '[]', namespaces = '[]'] = process.argv;

const put = { parts: 0, bytes: 0 };
const store = {
  put: async (_key: string, body: Uint8Array) => {
    put.parts += 1;
    put.bytes += body.length;
  },
};
const source = clientOf(url);
const spool = await Spool.open();
const started = performance.now();
const { objects, included } = await captureObjects({
  source,
  types: JSON.parse(types) as ResourceType[],
  stale: [],
  criteria: readSelection(Selection.parse({ labels: 'app:web' }), JSON.parse(namespaces)),
  moving: new Set(),
  excludeUnattachedPvcs: false,
  target: { store, runId: 'run', key: randomBytes(32) },
  spool,
  signal: AbortSignal.timeout(120_000),
});
const seconds = (performance.now() - started) / 1000;
await spool.close();
await source.close();
console.log(
  JSON.stringify({
    objects,
    along: Object.keys(included).length,
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    ...put,
  }),
);
