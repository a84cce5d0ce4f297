import type { RunView } from '../../libs/contracts/src/api.ts';
import type { ObjectStoreAccess } from '../infra/object-store.ts';
import { listBucket } from './bucket.ts';
import type { Kubectl } from './kubectl.ts';
import { findLeftovers } from './leftovers.ts';
import { changesBetween, type ObservedObject, observeShopObjects } from './observed-objects.ts';
import { fingerprintShop, type ShopFingerprint, type ShopOptions, shopReady } from './shop.ts';

/** The shop as it was on the source before the migration. */
export interface Before {
  fingerprint: ShopFingerprint;
  objects: ReadonlyMap<string, ObservedObject>;
}

export interface Migrated {
  source: Kubectl;
  destination: Kubectl;
  shop: ShopOptions;
  before: Before;
  run: RunView;
  store: ObjectStoreAccess;
}

/** What was promised, and every way in which it was found not to be so. */
export interface Finding {
  claim: string;
  problems: string[];
}

export async function observeShop(kubectl: Kubectl, shop: ShopOptions): Promise<Before> {
  const [fingerprint, objects] = await Promise.all([fingerprintShop(kubectl, shop), observeShopObjects(kubectl, shop)]);
  return { fingerprint, objects };
}

/** Looks, without trusting what the run says of itself, whether it did all that it should and nothing else. */
export async function proveMigration({ source, destination, shop, before, run, store }: Migrated): Promise<Finding[]> {
  await shopReady(destination, shop);
  const [there, here, keys, leftAtSource, leftAtDestination] = await Promise.all([
    observeShop(destination, shop),
    observeShop(source, shop),
    listBucket(store),
    findLeftovers(source, run.id),
    findLeftovers(destination, run.id),
  ]);
  const { database, files } = before.fingerprint;
  const rows = database.map((line) => line.split('|').slice(0, 2).reverse().join(' ')).join(' and ');
  return [
    { claim: `the database answers with the same ${rows}`, problems: differences(database, there.fingerprint.database) },
    {
      claim: `${files.length} files, folders and links are equal in name, content, mode, owner, time and links`,
      problems: differences(files, there.fingerprint.files),
    },
    { claim: 'every object of the shop is there, with what it says', problems: missingObjects(before.objects, there.objects) },
    {
      claim: "the shop's account has its rights, in the namespace and in the cluster",
      problems: await missingRights(destination, shop),
    },
    {
      claim: 'the digests of the volumes, read and written, agree',
      problems: run.volumes
        .filter(({ copy, restore }) => !copy?.digest || copy.digest !== restore?.digest)
        .map(({ name, copy, restore }) => `${name}: read ${copy?.digest ?? 'nothing'}, written ${restore?.digest ?? 'nothing'}`),
    },
    { claim: 'the source has the same data', problems: differences(allLines(before), allLines(here)) },
    {
      claim: 'no object of the source was changed, no pod was started again',
      problems: changesBetween(before.objects, here.objects),
    },
    { claim: 'nothing of ours is left on the source', problems: leftAtSource },
    { claim: 'nothing of ours is left on the destination', problems: leftAtDestination },
    { claim: 'nothing is left in the bucket', problems: keys },
  ];
}

function allLines({ fingerprint: { database, files } }: Before): string[] {
  return [...database, ...files];
}

/** @returns the lines that only one has, as a diff says it. */
function differences(wanted: readonly string[], found: readonly string[]): string[] {
  const [inWanted, inFound] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !inFound.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !inWanted.has(line)).map((line) => `+ ${line}`),
  ];
}

/** Kinds that the destination makes anew, under names of its own. */
const MADE_BY_CLUSTER = new Set(['Pod', 'ReplicaSet', 'ControllerRevision']);
/** Fields that say what a user wants, and that no cluster fills in by itself. */
const COMPARED = ['data', 'binaryData', 'type', 'rules', 'roleRef', 'subjects'];

function missingObjects(before: ReadonlyMap<string, ObservedObject>, there: ReadonlyMap<string, ObservedObject>): string[] {
  return [...before].flatMap(([name, object]) => {
    if (MADE_BY_CLUSTER.has(object.kind)) return [];
    const migrated = there.get(name);
    if (!migrated) return [`${name} is not there`];
    // Each cluster has its own.
    if (name.endsWith('/kube-root-ca.crt')) return [];
    return COMPARED.filter((field) => JSON.stringify(object[field]) !== JSON.stringify(migrated[field])).map(
      (field) => `${name} has another ${field}`,
    );
  });
}

async function missingRights(kubectl: Kubectl, { namespace }: ShopOptions): Promise<string[]> {
  const account = `--as=system:serviceaccount:${namespace}:web`;
  const rights = [
    ['list', 'configmaps', `--namespace=${namespace}`],
    ['list', 'nodes'],
  ];
  const answers = await Promise.all(
    // Its exit code says no as well.
    rights.map((right) => kubectl(['auth', 'can-i', ...right, account]).catch((error: Error) => error.message)),
  );
  return rights.filter((_, index) => answers[index]?.trim() !== 'yes').map((right) => `may not ${right.join(' ')}`);
}
