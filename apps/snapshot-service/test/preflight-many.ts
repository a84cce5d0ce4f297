import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { namespaceMapping } from '@godwit/transforms/namespace-mapping';
import { observeCluster } from '../src/inspect/cluster-status.ts';
import { CHECKS } from '../src/preflight/checks/all-checks.ts';
import { condense } from '../src/preflight/condense.ts';
import { collectFacts } from '../src/preflight/facts/collect-facts.ts';
import { clientOf } from './paged-api.ts';

/*
 * Runs all of preflight between two clusters that are both the API server at argv[2], in a process of its own whose heap is
 * limited, with all namespaces renamed, and tells what came out and what it took.
 */
const [, , url = ''] = process.argv;
const id = '00000000-0000-4000-8000-000000000001';
const definition = MigrationDefinition.parse({
  name: 'many',
  sourceClusterId: id,
  destination: { type: 'Registered', clusterId: id.replace(/1$/, '2') },
  copy: { storage: { type: 'ObjectStore', objectStoreId: id } },
  transforms: { renameNamespaces: { prefix: 'new-' } },
});
const signal = AbortSignal.timeout(120_000);
const [source, destination] = [clientOf(url), clientOf(url)];
const started = performance.now();
const [sourceStatus, destinationStatus] = await Promise.all([
  observeCluster(source, signal),
  observeCluster(destination, signal),
]);
const { facts, findings } = await collectFacts({
  runId: 'run',
  kind: 'Migration',
  definition,
  source,
  destination,
  sourceStatus,
  destinationStatus,
  namespaces: namespaceMapping(definition.transforms.renameNamespaces, sourceStatus.namespaces ?? []).map,
  store: { endpoint: 'https://s3.example.com' },
  moverImage: 'registry.example.com/mover:1',
  signal,
});
const told = condense([...findings, ...CHECKS.flatMap((check) => check(facts))]);
const seconds = (performance.now() - started) / 1000;
await Promise.all([source.close(), destination.close()]);
console.log(
  JSON.stringify({
    workloads: facts.source.workloads.length,
    pods: facts.destination.requested.pods,
    told: told.length,
    reasons: [...new Set(told.map(({ reason }) => reason))],
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
