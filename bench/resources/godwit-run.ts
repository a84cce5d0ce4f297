import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resourcesPrefix } from '@godwit/contracts/archive-layout';
import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { resourcesPartName } from '@godwit/contracts/step-outputs';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { discover } from '@godwit/kube/discovery';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { Sealer } from '@godwit/service-kit/sealer';
import { APPLY_TIERS, applyTier } from '@godwit/transforms/apply-tiers';
import { transformContext } from '@godwit/transforms/transform-context';
import { sealBlob } from '@godwit/volume-archive/seal';
import { createTestRun } from '../../tools/testing/test-run.ts';
import { asCaptured, makeGround, makeObjects, namespacesOf } from './objects.ts';

/** Where a run is prepared and applied; as a file between the two. */
export interface RunPlace {
  kubeconfig: string;
  databaseUrl: string;
  store: ObjectStoreConfig;
  objects: number;
}

interface PreparedRun extends RunPlace {
  runId: string;
  key: string;
  tiers: number[];
}

// What the service runs, and not its sources: those are not for Node.js as they are.
const built = <T>(path: string) =>
  import(new URL(`../../apps/restore-service/dist/${path}.js`, import.meta.url).href) as Promise<T>;
const { openCaptured } =
  await built<typeof import('../../apps/restore-service/src/archive/captured-resources.ts')>('archive/captured-resources');
const { applyCaptured } =
  await built<typeof import('../../apps/restore-service/src/apply/apply-captured.ts')>('apply/apply-captured');
const { Outcomes } = await built<typeof import('../../apps/restore-service/src/apply/outcomes.ts')>('apply/outcomes');
const { Story } = await built<typeof import('../../apps/restore-service/src/apply/story.ts')>('apply/story');

/** Some megabytes, as a capture makes its parts. */
const PART_LINES = 2_000;
const signal = new AbortController().signal;
const [command, file] = process.argv.slice(2);
await { prepare, apply }[command as 'prepare' | 'apply'](JSON.parse(readFileSync(file!, 'utf8')));

/** Writes the archive of a run as a capture does, and the run into the database. */
async function prepare(place: RunPlace): Promise<void> {
  const prisma = new PrismaService(place.databaseUrl);
  const { id: runId } = await createTestRun(prisma);
  const key = randomBytes(32);
  const store = createObjectStore(place.store);
  const lines = [...makeGround(place.objects), ...makeObjects(place.objects)].map((object, index) => ({
    tier: applyTier(object),
    line: JSON.stringify({ object: asCaptured(object, index) }),
  }));
  const tiers: number[] = APPLY_TIERS.map(() => 0);
  for (const [tier, of] of Map.groupBy(lines, (one) => one.tier)) {
    for (let from = 0; from < of.length; from += PART_LINES) {
      const name = `${resourcesPrefix(runId)}/${resourcesPartName(tier, tiers[tier]!)}`;
      const plain = of.slice(from, from + PART_LINES).map(({ line }) => line);
      await store.put(name, sealBlob(key, name, Buffer.from(plain.join('\n'))), { signal });
      tiers[tier]! += 1;
    }
  }
  const prepared: PreparedRun = { ...place, runId, key: key.toString('base64'), tiers };
  writeFileSync(file!, JSON.stringify(prepared));
  store.close();
  await prisma.$disconnect();
}

/** What the step `apply-resources` does: from the archive to the destination, with each outcome in the database. */
async function apply({ kubeconfig, databaseUrl, store: config, objects, runId, key, tiers }: PreparedRun): Promise<void> {
  const checked = checkKubeconfig(readFileSync(kubeconfig, 'utf8'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const client = new KubeClient(checked.kubeconfig, 'dest');
  const prisma = new PrismaService(databaseUrl);
  const runObjects = new RunObjectStore(prisma, new Sealer(randomBytes(32)));
  const store = createObjectStore(config);
  const namespaces = Object.fromEntries(namespacesOf(objects).map((name) => [name, name]));
  const captured = openCaptured(store, { runId, key: Buffer.from(key, 'base64'), namespaces, tiers }, signal);
  const discovery = await discover(client, signal);
  const tell = async (findings: readonly { message: string }[]) => {
    for (const { message } of findings) console.log(message);
  };
  const story = new Story();
  await applyCaptured(captured, {
    context: { client, runId, overwrite: false, signal },
    transforms: transformContext(RestoreTransforms.parse({}), { runId, namespaces, types: discovery.preferred }),
    discovery,
    moved: new Map(),
    outcomes: new Outcomes(runObjects, runId, tell, false),
    story,
    tell,
  });
  const counts = await runObjects.countByOutcome(runId);
  console.log(JSON.stringify(counts), ...story.lines().map(({ message }) => message));
  await Promise.all([client.close(), prisma.$disconnect()]);
  store.close();
  if (counts.Created !== objects + namespacesOf(objects).length + 1) throw new Error('not all objects were created');
}
