import { totalmem } from 'node:os';
import { buildAll } from '../build/build-all.ts';
import { ensureMoverBundle } from '../build/ensure-mover-bundle.ts';
import { generateClient } from '../build/generate-client.ts';
import { generateCode } from '../build/generate-code.ts';
import { runVisibly } from '../cli/run-visibly.ts';
import { type Infrastructure, startInfrastructure } from '../infra/start-infrastructure.ts';
import { ensureMoverImage } from '../mover-image/ensure-mover-image.ts';
import { ensureNativeCore } from '../native-core/ensure-native-core.ts';
import { lintCrate, testCrate } from './crate.ts';
import { runJest } from './jest.ts';
import { addCounts, type Count } from './outcome.ts';
import { schemaIsMigrated } from './schema-check.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { withTestbed } from './testbed.ts';
import { runWebTests } from './web.ts';

/** One part of `npm test`. Each can be run alone and gets ready what it needs; `args` are Jest's or Playwright's. */
export type Part = (args: readonly string[]) => Promise<Count>;

const one = (good: boolean): Count => ({ passed: good ? 1 : 0, failed: good ? 0 : 1 });

/** Integration tests that look at rates and times: others beside them would be measured too. */
const MEASURING = ['apps/mover/'];

/** Of the whole machine 11 GB were in use at the most, with a dozen services on one of the pairs. */
const MEMORY_OF_TWO_PAIRS = 16e9;

/** In the order of running: what is quick to tell comes first. */
export const parts = {
  async lint() {
    const biome = one((await runVisibly('biome', ['check', '--error-on-warnings', '.'])) === 0);
    return addCounts(biome, await lintCrate());
  },

  async types() {
    await generateClient();
    // Both, whatever the first says.
    const codes = [
      await runVisibly('tsc', ['-p', 'tsconfig.json']),
      await runVisibly('tsc', ['-p', 'apps/web/tsconfig.json', '--noEmit']),
    ];
    return one(codes.every((code) => code === 0));
  },

  async build() {
    await buildAll();
    return one(true);
  },

  schema: () => withInfrastructure(async ({ databaseUrl }) => one(await schemaIsMigrated(databaseUrl))),

  async unit(args) {
    await ensureSystemPackages(['rsync', 'getfattr', 'setfacl', 'getcap']);
    await generateCode();
    await ensureNativeCore();
    const jest = await runJest({ project: 'unit', args: ['--maxWorkers=2', ...args] });
    // Arguments choose among Jest's tests.
    return args.length > 0 ? jest : addCounts(jest, await testCrate());
  },

  async integration(args) {
    await ensureSystemPackages(['openssl', 'rsync', 'python3', 'mkfs.ext4', 'mariadbd', 'mariadb', 'redis-cli']);
    await generateCode();
    await ensureMoverBundle();
    // Arguments choose among the files: what is left is no work for two.
    if (args.length > 0) return integrationTests(args);
    const shards = ['--shard=1/2', '--shard=2/2'].map((shard) => [shard, '--testPathIgnorePatterns', ...MEASURING]);
    const counts = await Promise.allSettled(shards.map((shard) => integrationTests(shard)));
    const alone = await integrationTests(['--testPathPatterns', ...MEASURING]).catch(failure);
    return counts
      .map((result) => (result.status === 'fulfilled' ? result.value : failure(result.reason)))
      .reduce(addCounts, alone);
  },

  /** The web app in a browser; `args` are Playwright's. */
  async web(args) {
    await ensureSystemPackages(['chromium', 'openssl', 'python3']);
    await buildAll();
    return withInfrastructure((infrastructure) => runWebTests(infrastructure, args));
  },

  async e2e(args) {
    await ensureSystemPackages(['openssl', 'chromium']);
    await buildAll();
    await ensureMoverImage(); // before two build it at once
    // A worker of Jest works with a pair of clusters of its own (e2e/support/choose-pair.mjs). The tests wait more than they compute.
    const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
    const pairs = args.length > 0 || memory < MEMORY_OF_TWO_PAIRS ? 1 : 2;
    return withTestbed(pairs, () => runJest({ project: 'e2e', args: [`--maxWorkers=${pairs}`, '--verbose', ...args] }));
  },
} satisfies Record<string, Part>;

export type PartName = keyof typeof parts;

/** With a database, a Redis and an object store of their own, which their files use one after the other. */
function integrationTests(args: readonly string[]): Promise<Count> {
  return withInfrastructure(({ databaseUrl, redisUrl, s3 }) =>
    runJest({
      project: 'integration',
      args: ['--runInBand', ...args],
      env: {
        GODWIT_TEST_DATABASE_URL: databaseUrl,
        GODWIT_TEST_REDIS_URL: redisUrl,
        GODWIT_TEST_S3_ENDPOINT: s3.endpoint,
        GODWIT_TEST_S3_ACCESS_KEY: s3.accessKeyId,
        GODWIT_TEST_S3_SECRET_KEY: s3.secretAccessKey,
        GODWIT_TEST_S3_BUCKET: s3.bucket,
        GODWIT_TEST_S3_REGION: s3.region,
      },
    }),
  );
}

function failure(reason: Error): Count {
  console.error(reason.message);
  return one(false);
}

async function withInfrastructure(work: (infrastructure: Infrastructure) => Promise<Count>): Promise<Count> {
  const infrastructure = await startInfrastructure({ isolated: true, onLine: console.log });
  try {
    return await work(infrastructure);
  } finally {
    await infrastructure.stop();
  }
}
