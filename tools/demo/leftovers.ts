import { GODWIT_NAMESPACE, MANAGED_BY, MANAGED_BY_LABEL, MIGRATION_LABEL, RUN_LABEL } from '../../libs/contracts/src/labels.ts';
import type { Kubectl } from './kubectl.ts';

interface Found {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: { claimRef?: { namespace?: string } };
  status?: { phase?: string };
}

/** All kinds of which Godwit makes temporary objects. */
const TEMPORARY = [
  'pods',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'volumesnapshots.snapshot.storage.k8s.io',
  'volumesnapshotcontents.snapshot.storage.k8s.io',
  'persistentvolumes',
];

/**
 * @returns what a run has left in a cluster, as `Kind namespace/name`; migrated objects are none of it. Objects of other
 * runs are not told, nor is our namespace while one of them, or a staged volume, uses it.
 */
export async function findLeftovers(kubectl: Kubectl, runId: string): Promise<string[]> {
  const all = await list(kubectl, TEMPORARY, ['--all-namespaces']);
  const left = all.filter((object) => isOf(object, runId) && isTemporary(object));
  const isUsed = ({ labels }: Found['metadata']) => labels?.[RUN_LABEL] !== undefined || labels?.[MIGRATION_LABEL] !== undefined;
  const inUse = all.some((object) => inOurNamespace(object) && isUsed(object.metadata));
  const namespace = inUse ? [] : await list(kubectl, ['namespaces'], [`--selector=${MANAGED_BY_LABEL}=${MANAGED_BY}`]);
  return [...left, ...namespace].map(nameOf);
}

function isOf({ metadata }: Found, runId: string): boolean {
  return metadata.labels?.[RUN_LABEL] === runId;
}

/** A migrated object bears the run's label too. Snapshots are never migrated, and a migrated volume is bound to the user's claim. */
function isTemporary(object: Found): boolean {
  if (/^VolumeSnapshot/.test(object.kind) || inOurNamespace(object)) return true;
  return object.kind === 'PersistentVolume' && object.status?.phase !== 'Bound';
}

function inOurNamespace({ metadata, spec }: Found): boolean {
  return metadata.namespace === GODWIT_NAMESPACE || spec?.claimRef?.namespace === GODWIT_NAMESPACE;
}

async function list(kubectl: Kubectl, kinds: readonly string[], args: readonly string[]): Promise<Found[]> {
  return JSON.parse(await kubectl(['get', kinds.join(','), '--output=json', ...args])).items;
}

function nameOf({ kind, metadata }: Found): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}
