import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isStaging, type RunKind } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { VolumeStaging } from '@godwit/contracts/volume-staging';
import { isShareable } from '@godwit/selection/static-volume';
import { type ExposureFacts, planExposure } from './plan-exposure.ts';
import { bytesOf } from './quantity.ts';

/** A volume as preflight finds it; becomes a row of the run, but for what only checks ask. */
export interface PlannedVolume {
  namespace: string;
  name: string;
  targetNamespace: string;
  /** What the volume has, or the claim asks for, if that is more. */
  capacityBytes: number;
  /** What the claim asks for, which is what admission counts. */
  requestedBytes: number;
  source: VolumeSource;
  skipReason?: string;
  /** Of a staged migration. */
  staging?: VolumeStaging;
}

/** A claim that the destination has. */
export interface ExistingClaim {
  /** Its finalizers, if it is being deleted. */
  heldBy?: string[];
  /** Id of the run that made it. */
  madeBy?: string;
}

export interface VolumeFacts extends ExposureFacts {
  /** Of the run. */
  kind: RunKind;
  destinationCluster: string;
  /** Captured claims of the source. */
  claims: KubernetesObject[];
  volumes: KubernetesObject[];
  /** Claim -> a pod that uses it, both as `namespace/name`. */
  claimUsers: ReadonlyMap<string, string>;
  /** Undefined: the destination is not there yet, and what it will have is not judged. */
  destinationClasses: { name: string; provisioner: string; isDefault: boolean }[] | undefined;
  /** The claims that the destination has in the namespaces that volumes land in, by `namespace/name`. */
  destinationClaims: ReadonlyMap<string, ExistingClaim>;
  namespaces: Readonly<Record<string, string>>;
  storageClasses: Readonly<Record<string, string>>;
  /** Static volumes whose storage both clusters may use are made for the same storage on the destination. */
  recreatesVolumes: boolean;
}

interface ClaimSpec {
  volumeName?: string;
  storageClassName?: string;
  volumeMode?: 'Filesystem' | 'Block';
  accessModes?: string[];
  resources?: { requests?: { storage?: string } };
}

interface VolumeSpec {
  csi?: { driver?: string };
  /** Of before CSI; its driver handles these by now. */
  vsphereVolume?: object;
  capacity?: { storage?: string };
  persistentVolumeReclaimPolicy?: string;
}

/** What is to be moved, and what stands in the way. */
export function planVolumes(facts: VolumeFacts): { volumes: PlannedVolume[]; findings: Finding[] } {
  const volumesByName = new Map(facts.volumes.map((volume) => [volume.metadata.name, volume]));
  const planned: PlannedVolume[] = [];
  const findings: Finding[] = [];
  for (const claim of facts.claims) {
    const plan = planVolume(claim, volumesByName.get(specOf(claim).volumeName ?? ''), facts);
    planned.push(plan.volume);
    findings.push(...plan.findings.map((finding) => ({ ...finding, object: describeObject(claim) })));
  }
  return { volumes: planned, findings };
}

function planVolume(
  claim: KubernetesObject,
  volume: KubernetesObject | undefined,
  facts: VolumeFacts,
): { volume: PlannedVolume; findings: Finding[] } {
  const spec = specOf(claim);
  const volumeSpec = (volume?.spec ?? {}) as VolumeSpec;
  const namespace = claim.metadata.namespace ?? '';
  const targetNamespace = facts.namespaces[namespace] ?? namespace;
  const capacity = larger(volumeSpec.capacity?.storage, spec.resources?.requests?.storage);
  const driver = volumeSpec.csi?.driver ?? (volumeSpec.vsphereVolume ? 'kubernetes.io/vsphere-volume' : '');
  const className = classOf(claim);
  const volumeMode = spec.volumeMode ?? 'Filesystem';
  const accessModes = spec.accessModes ?? ['ReadWriteOnce'];
  const user = facts.claimUsers.get(`${namespace}/${claim.metadata.name}`);
  const { exposure, findings } = planExposure({ className, driver, volumeMode, accessModes, user }, facts);
  const target = pickTargetClass(className, facts);
  const planned: PlannedVolume = {
    namespace,
    name: claim.metadata.name,
    targetNamespace,
    capacityBytes: bytesOf(capacity),
    requestedBytes: bytesOf(spec.resources?.requests?.storage),
    source: {
      claimUid: claim.metadata.uid ?? '',
      pvName: volume?.metadata.name ?? '',
      driver,
      ...exposure,
      volumeMode,
      accessModes,
      requestedStorage: capacity,
      targetStorageClassName: target.name ?? '',
      pvLabels: volume?.metadata.labels ?? {},
      pvReclaimPolicy: volumeSpec.persistentVolumeReclaimPolicy ?? 'Delete',
    },
  };
  const existing = facts.destinationClaims.get(`${targetNamespace}/${planned.name}`);
  if (existing?.heldBy)
    return { volume: planned, findings: [terminating(`${targetNamespace}/${planned.name}`, existing, facts)] };
  const isRecreated = volume !== undefined && facts.recreatesVolumes && isShareable(volume);
  const hasData = spec.volumeName !== undefined && !isRecreated;
  if (existing && hasData && isStaging(facts.kind))
    return { volume: planned, findings: [inTheWay(`${targetNamespace}/${planned.name}`, existing, facts)] };
  if (existing) {
    const skipReason = `PersistentVolumeClaim ${targetNamespace}/${planned.name} exists on the destination; its contents are never touched`;
    return { volume: { ...planned, skipReason }, findings: [left(skipReason, hasData, facts)] };
  }
  if (!volume && spec.volumeName) return { volume: planned, findings: [notSeen(spec.volumeName, facts), ...target.findings] };
  if (!volume) {
    const skipReason = 'no volume is bound to the claim, so there is no data to move';
    return { volume: { ...planned, skipReason }, findings: [warning('VolumeUnbound', skipReason), ...target.findings] };
  }
  if (isRecreated) {
    const skipReason = `the destination gets a PersistentVolume for the same storage as ${volume.metadata.name}, so no data is copied`;
    return { volume: { ...planned, skipReason }, findings: [shared(skipReason, facts)] };
  }
  return { volume: planned, findings: [...findings, ...target.findings] };
}

/** Rule 18: it is neither there to be left alone nor gone to make room. */
function terminating(claim: string, { heldBy = [] }: ExistingClaim, { destinationCluster: cluster }: VolumeFacts): Finding {
  const holds = heldBy.length > 0 ? `, held by ${heldBy.join(', ')}` : '';
  return {
    severity: 'error',
    reason: 'VolumeTerminating',
    cluster,
    message: `PersistentVolumeClaim ${claim} is being deleted on cluster "${cluster}"${holds}`,
    cure: 'Wait until it is gone; kubernetes.io/pvc-protection goes with the last pod that mounts it.',
  };
}

/**
 * A cut-over that left it alone would stop the source, copy nothing, and start the application on data of an earlier day; a stage
 * would drop what is staged of it.
 */
function inTheWay(claim: string, { madeBy }: ExistingClaim, { destinationCluster: cluster }: VolumeFacts): Finding {
  const maker = madeBy ? `, made by run ${madeBy}` : '';
  return {
    severity: 'error',
    reason: 'VolumeExists',
    cluster,
    message:
      `PersistentVolumeClaim ${claim} exists on cluster "${cluster}"${maker}; ` +
      'its contents are never touched, so what the source has would not get there',
    cure: `${madeBy ? `Roll run ${madeBy} back, or delete` : 'Delete'} that claim, or leave the volume out of the selection.`,
  };
}

/** A preview tells what a migration in one run would do, and is asked for before staged ones too. */
function left(message: string, hasData: boolean, { kind }: VolumeFacts): Finding {
  const found = warning('VolumeExists', message);
  return kind === 'Preview' && hasData
    ? { ...found, cure: 'Roll back what made that claim, or delete it, before a stage or a cut-over: both refuse it.' }
    : found;
}

/** The claim has data: without its volume the run would leave them behind and still succeed. */
function notSeen(name: string, { sourceCluster: cluster }: VolumeFacts): Finding {
  return {
    severity: 'error',
    reason: 'VolumeNotSeen',
    cluster,
    message: `cluster "${cluster}" did not show PersistentVolume ${name}, which the claim names`,
    cure: 'Let the user of the kubeconfig list persistentvolumes; if the volume is gone, delete the claim or leave it out.',
  };
}

function shared(message: string, { destinationCluster: cluster }: VolumeFacts): Finding {
  return {
    severity: 'warning',
    reason: 'VolumeShared',
    ...(cluster ? { cluster } : {}),
    message: `${message}; the pods of both clusters write to it`,
    cure: `See that the destination reaches that server, and stop the pods on the source before those of the destination start.`,
  };
}

/** The beta annotation wins where it is present. */
function classOf(claim: KubernetesObject): string {
  return claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? specOf(claim).storageClassName ?? '';
}

function pickTargetClass(sourceClass: string, facts: VolumeFacts): { name?: string; findings: Finding[] } {
  const wanted = Object.hasOwn(facts.storageClasses, sourceClass) ? facts.storageClasses[sourceClass] : sourceClass;
  if (!facts.destinationClasses) return { name: wanted, findings: [] };
  const found = wanted
    ? facts.destinationClasses.find((candidate) => candidate.name === wanted)
    : facts.destinationClasses.find((candidate) => candidate.isDefault);
  if (found) return { name: found.name, findings: [] };
  const has = facts.destinationClasses.map((candidate) => candidate.name).join(', ') || 'none';
  const message = wanted
    ? `cluster "${facts.destinationCluster}" has no storage class "${wanted}" (it has: ${has})`
    : `cluster "${facts.destinationCluster}" has no default storage class (it has: ${has})`;
  const cure = 'Map the class to one that the destination has, or create it there.';
  return { findings: [{ severity: 'error', reason: 'StorageClassMissing', message, cure, cluster: facts.destinationCluster }] };
}

function larger(a: string | undefined, b: string | undefined): string {
  return bytesOf(a) >= bytesOf(b) ? (a ?? '0') : (b ?? '0');
}

function warning(reason: string, message: string): Finding {
  return { severity: 'warning', reason, message };
}

function specOf(claim: KubernetesObject): ClaimSpec {
  return (claim.spec ?? {}) as ClaimSpec;
}
