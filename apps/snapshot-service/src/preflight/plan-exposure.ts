import type { Finding } from '@godwit/contracts/findings';
import type { CopyOptions } from '@godwit/contracts/migration-definition';
import type { VolumeSource } from '@godwit/contracts/volume-source';

const LONGHORN = 'driver.longhorn.io';
/**
 * Drivers that act on the storage when a PersistentVolume object goes, whatever its policy: vSphere's takes the disk behind it off
 * its inventory, although another object stands for the same disk.
 */
const FOLLOWS_OBJECTS = new Set(['csi.vsphere.vmware.com', 'kubernetes.io/vsphere-volume']);
/** CephFS, as its operators name the driver: a volume only for reading shows the snapshot itself, without a copy of it. */
const SHOWS_SNAPSHOTS = /(^|\.)cephfs\.csi\.ceph\.com$/;

export interface ExposureFacts {
  sourceCluster: string;
  sourceClasses: readonly { name: string; provisioner: string; isDefault: boolean }[];
  snapshotClasses: readonly { name: string; driver: string; isDefault: boolean }[];
  copy: Pick<CopyOptions, 'temporaryStorageClasses' | 'snapshotClasses' | 'live' | 'readOnlyStorageClasses'>;
  /** There are hooks that bring applications to rest. */
  hasPreHooks: boolean;
}

/** A volume on the source that is to be made readable for a mover. */
export interface VolumeToExpose {
  /** Of its claim; may be empty. */
  className: string;
  /** Name of its CSI driver; empty if it is of none. */
  driver: string;
  volumeMode: VolumeSource['volumeMode'];
  accessModes: readonly string[];
  /** `namespace/name` of a pod that uses it. */
  user?: string | undefined;
}

export type Exposure = Pick<VolumeSource, 'exposure' | 'exposedReadOnly' | 'exposedStorageClassName' | 'snapshotClassName'>;

/** Why no snapshot can be read. */
interface Obstacle {
  finding: Finding;
  /** It is what the migration asks for that cannot be had, not that the storage has none. */
  isOfWish: boolean;
}

/** How a volume is made readable for its mover: by a snapshot, or live where that is wished for, or is all that can be done. */
export function planExposure(volume: VolumeToExpose, facts: ExposureFacts): { exposure: Exposure; findings: Finding[] } {
  const { live } = facts.copy;
  if (wantsLive(volume, live)) return exposeLive(volume, 'as the migration asks for', facts);
  const snapshotClass = pickSnapshotClass(volume.driver, facts);
  const exposedClass = pickExposedClass(volume, facts);
  const obstacles = findObstacles(volume, snapshotClass, exposedClass, facts);
  if (live.withoutSnapshots && obstacles.length > 0 && !obstacles.some(({ isOfWish }) => isOfWish)) {
    return exposeLive(volume, 'as no snapshot can be taken of it', facts);
  }
  const exposure: Exposure = {
    exposure: 'Snapshot',
    exposedReadOnly: isShownReadOnly(volume, facts),
    exposedStorageClassName: exposedClass ?? '',
    snapshotClassName: snapshotClass ?? '',
  };
  return { exposure, findings: obstacles.map(({ finding }) => finding) };
}

function wantsLive({ className, driver }: VolumeToExpose, live: CopyOptions['live']): boolean {
  return live.storageClasses.includes(className) || live.drivers.includes(driver) || (live.longhorn && driver === LONGHORN);
}

function isShownReadOnly({ className, driver, volumeMode }: VolumeToExpose, { copy }: ExposureFacts): boolean {
  return volumeMode === 'Filesystem' && (SHOWS_SNAPSHOTS.test(driver) || copy.readOnlyStorageClasses.includes(className));
}

function exposeLive(volume: VolumeToExpose, why: string, facts: ExposureFacts): { exposure: Exposure; findings: Finding[] } {
  const exposure: Exposure = {
    exposure: 'Live',
    exposedReadOnly: true,
    exposedStorageClassName: '',
    snapshotClassName: '',
  };
  if (FOLLOWS_OBJECTS.has(volume.driver)) return { exposure, findings: [refusal(volume, why, facts)] };
  return { exposure, findings: volume.user === undefined ? [] : [liveFinding(volume, volume.user, why, facts)] };
}

function refusal({ driver }: VolumeToExpose, why: string, { sourceCluster: cluster }: ExposureFacts): Finding {
  return {
    severity: 'error',
    reason: 'LiveCopyUnsafe',
    cluster,
    message: `its volume is to be read live, ${why}, by a second PersistentVolume; when that is deleted, ${driver} would take the disk itself off its inventory`,
    cure: `Give ${driver} a VolumeSnapshotClass and have the volume copied from a snapshot.`,
  };
}

function liveFinding({ accessModes }: VolumeToExpose, user: string, why: string, facts: ExposureFacts): Finding {
  const cluster = facts.sourceCluster;
  if (accessModes.includes('ReadWriteOncePod')) {
    return {
      severity: 'error',
      reason: 'VolumeInUse',
      cluster,
      message: `its volume is to be read live, ${why}, but is ReadWriteOncePod and Pod ${user} uses it: no mover can mount it beside`,
      cure: 'Stop that pod for the run, or have the volume copied from a snapshot.',
    };
  }
  const message = `its volume is read live, ${why}, while Pod ${user} may write to it: what is copied is not of one moment`;
  const finding = { reason: 'LiveCopy', cluster, message };
  if (facts.hasPreHooks) return { ...finding, severity: 'note' };
  const cure = 'Bring the application to rest by hooks: one before, and one after, which runs when the volume is copied.';
  return { ...finding, severity: 'warning', cure };
}

function findObstacles(
  { driver, className }: VolumeToExpose,
  snapshotClass: string | undefined,
  exposedClass: string | undefined,
  facts: ExposureFacts,
): Obstacle[] {
  const cluster = facts.sourceCluster;
  const others =
    'or let it be read live (copy.live), or leave its namespace out, or give the selection labels that the claim does not have';
  const error = (reason: string, message: string, cure: string, isOfWish = false): Obstacle => ({
    finding: { severity: 'error', reason, message, cure, cluster },
    isOfWish,
  });
  if (!driver) {
    const message = 'its volume is not of a CSI driver, so no snapshot can be taken';
    return [error('NoSnapshotClass', message, `Move its data by other means, ${others}.`)];
  }
  const obstacles: Obstacle[] = [];
  const wantedSnapshotClass = lookUp(facts.copy.snapshotClasses, driver);
  if (!snapshotClass && wantedSnapshotClass) {
    const message = `cluster "${cluster}" has no VolumeSnapshotClass "${wantedSnapshotClass}" for the driver ${driver} of its volume`;
    obstacles.push(error('NoSnapshotClass', message, 'Choose one that it has.', true));
  } else if (!snapshotClass) {
    const message = `cluster "${cluster}" has no VolumeSnapshotClass for the driver ${driver} of its volume`;
    obstacles.push(error('NoSnapshotClass', message, `Create a VolumeSnapshotClass for ${driver}, ${others}.`));
  }
  const wantedClass = lookUp(facts.copy.temporaryStorageClasses, className);
  if (!exposedClass && wantedClass) {
    const provisioner = facts.sourceClasses.find(({ name }) => name === wantedClass)?.provisioner;
    const found =
      provisioner === undefined ? 'is not there' : `is of the driver ${provisioner}, not of ${driver} as its volume is`;
    const message = `the class "${wantedClass}" for its temporary claim on cluster "${cluster}" ${found}`;
    const cure = `Map "${className}" to a class with the provisioner ${driver}, or take the mapping away.`;
    obstacles.push(error('TemporaryClassUnfit', message, cure, true));
  } else if (!exposedClass) {
    const message = `cluster "${cluster}" has no StorageClass of the driver ${driver}, in which a volume could be made from the snapshot`;
    const cure = `Create a StorageClass with the provisioner ${driver}, ${others}.`;
    obstacles.push(error('NoStorageClass', message, cure));
  }
  return obstacles;
}

/**
 * The class in which the snapshot is made a volume again: the one that is mapped, if it is of the same driver; else the claim's
 * own, or, where that is none or is not there (volumes made by hand), the default or first one of the same driver.
 */
function pickExposedClass({ className, driver }: VolumeToExpose, { sourceClasses, copy }: ExposureFacts): string | undefined {
  const wanted = lookUp(copy.temporaryStorageClasses, className);
  const ofDriver = sourceClasses.filter(({ provisioner }) => provisioner === driver).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (wanted) return ofDriver.find(({ name }) => name === wanted)?.name;
  return (ofDriver.find(({ name }) => name === className) ?? ofDriver.find(({ isDefault }) => isDefault) ?? ofDriver[0])?.name;
}

/** The class that is chosen for the driver; else its default class, else its only or first one by name. */
function pickSnapshotClass(driver: string, { snapshotClasses, copy }: ExposureFacts): string | undefined {
  const wanted = lookUp(copy.snapshotClasses, driver);
  const ofDriver = snapshotClasses.filter((candidate) => candidate.driver === driver).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (wanted) return ofDriver.find(({ name }) => name === wanted)?.name;
  return (ofDriver.find((candidate) => candidate.isDefault) ?? ofDriver[0])?.name;
}

/** Own keys only: a class may be called `constructor`. */
function lookUp(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
