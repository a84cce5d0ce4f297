import type { Finding } from '@godwit/contracts/findings';
import type { Facts, StorageClassFacts } from '../facts/facts.ts';
import type { PlannedVolume } from '../plan-volumes.ts';
import type { Check } from './check.ts';
import { accessModeProblem, volumeModeProblem } from './driver-abilities.ts';

/** Whether the drivers of the destination's classes run there and can do what the claims ask of them. */
export const checkDrivers: Check = (facts) =>
  facts.volumes.flatMap((volume) => {
    const target = facts.destination.storageClasses.find(({ name }) => name === volume.source.targetStorageClassName);
    if (!target || volume.skipReason) return [];
    return [...registration(facts, volume, target), ...abilities(facts, volume, target), ...topology(facts, volume, target)];
  });

function registration({ destination }: Facts, volume: PlannedVolume, { name, provisioner }: StorageClassFacts): Finding[] {
  const { csiDrivers, csiNodeDrivers, status } = destination;
  const finding = { severity: 'warning', cluster: destination.name, object: describe(volume) } as const;
  if (csiDrivers && !csiDrivers.has(provisioner) && !csiNodeDrivers.has(provisioner)) {
    return [
      {
        ...finding,
        reason: 'DriverNotSeen',
        message: `the driver ${provisioner} of storage class "${name}" is not registered as a CSI driver on the destination`,
        cure: 'See that its provisioner runs there, or map the class to another.',
      },
    ];
  }
  if (csiDrivers?.has(provisioner) && status.nodes && !csiNodeDrivers.has(provisioner)) {
    return [
      {
        ...finding,
        reason: 'DriverOnNoNode',
        message: `the driver ${provisioner} of storage class "${name}" runs on no node of the destination, so no pod could mount its volumes`,
        cure: `Look at the pods of ${provisioner} on the destination.`,
      },
    ];
  }
  return [];
}

/** What a driver cannot do is known of some; of others only that the source's own driver did it. */
function abilities(facts: Facts, volume: PlannedVolume, target: StorageClassFacts): Finding[] {
  const { accessModes, volumeMode, driver } = volume.source;
  const problems = [
    ...accessModes.flatMap((mode) => accessModeProblem(target.provisioner, mode, volumeMode) ?? []),
    ...[volumeModeProblem(target.provisioner, volumeMode) ?? []].flat(),
  ];
  const finding = { cluster: facts.destination.name, object: describe(volume) } as const;
  const found: Finding[] = problems.map((message) => ({
    ...finding,
    severity: 'warning',
    reason: 'VolumeModeUnsupported',
    message: `${message} (storage class "${target.name}")`,
    cure: 'Map the class to one whose driver can.',
  }));
  const unusual = accessModes.filter((mode) => mode !== 'ReadWriteOnce');
  if (found.length > 0 || driver === target.provisioner || unusual.length === 0) return found;
  return [
    {
      ...finding,
      severity: 'note',
      reason: 'AccessModeUnknown',
      message: `it asks for ${unusual.join(', ')}; whether ${target.provisioner} (storage class "${target.name}") can do that is not known`,
      cure: `Look it up in the documentation of ${target.provisioner}.`,
    },
  ];
}

/** Rule 17: the source's zones are not copied, but a class may make volumes only where no node is. */
function topology({ destination }: Facts, volume: PlannedVolume, { name, allowedTopologies }: StorageClassFacts): Finding[] {
  if (destination.nodes.length === 0) return [];
  return Object.entries(allowedTopologies)
    .filter(([key, values]) => !destination.nodes.some(({ labels }) => values.includes(labels[key] ?? '')))
    .map(([key, values]) => ({
      severity: 'error',
      reason: 'TopologyNowhere',
      cluster: destination.name,
      object: describe(volume),
      message: `storage class "${name}" makes volumes only where ${key} is ${values.join(' or ')}, and no node of the destination is there`,
      cure: 'Map the class to one of the destination’s own zones, or correct its allowedTopologies.',
    }));
}

function describe({ namespace, name }: PlannedVolume): string {
  return `PersistentVolumeClaim ${namespace}/${name}`;
}
