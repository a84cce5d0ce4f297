import type { Finding } from '@godwit/contracts/findings';
import type { Facts, StorageCapacity } from '../facts/facts.ts';
import type { PlannedVolume } from '../plan-volumes.ts';
import { formatAmount } from '../quantity.ts';
import type { Check } from './check.ts';

/** Whether the volumes fit into the room that a driver publishes (CSIStorageCapacity); of others nothing is known. */
export const checkCapacity: Check = (facts) => {
  const moving = facts.volumes.filter(({ skipReason, staging }) => !skipReason && !isThere(staging));
  const byClass = Map.groupBy(moving, ({ source }) => source.targetStorageClassName);
  return [...byClass].flatMap(([name, volumes]) => {
    const rooms = facts.destination.capacities.filter((room) => room.storageClassName === name && largestIn(room) !== undefined);
    return rooms.length > 0 ? room(facts, name, volumes, rooms) : [];
  });
};

/** A staged volume has its room already. */
function isThere(staging: PlannedVolume['staging']): boolean {
  return staging?.last !== undefined && !staging.replaces;
}

function room({ destination }: Facts, name: string, volumes: PlannedVolume[], rooms: StorageCapacity[]): Finding[] {
  const largest = Math.max(...rooms.map((room) => largestIn(room) ?? 0));
  const tooLarge: Finding[] = volumes
    .filter(({ capacityBytes }) => capacityBytes > largest)
    .map(({ namespace, name: claim, capacityBytes }) => ({
      severity: 'error',
      reason: 'VolumeTooLarge',
      cluster: destination.name,
      object: `PersistentVolumeClaim ${namespace}/${claim}`,
      message: `it asks for ${size(capacityBytes)}; the largest volume for which storage class "${name}" has room is ${size(largest)}`,
      cure: 'Add storage, or map the class to another.',
    }));
  // Rooms of several topologies may be one and the same pool, so their sum is the most there can be; what states no capacity has any.
  const most = rooms.reduce((sum, { capacity = Number.POSITIVE_INFINITY }) => sum + capacity, 0);
  const wanted = volumes.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
  if (tooLarge.length > 0 || wanted <= most) return tooLarge;
  return [
    {
      severity: 'warning',
      reason: 'StorageFull',
      cluster: destination.name,
      object: `StorageClass ${name}`,
      message: `${volumes.length} volumes ask for ${size(wanted)} of it, and its driver says that ${size(most)} are free`,
      cure: 'Add storage, or map the class to another.',
    },
  ];
}

/**
 * The largest volume for which there is room, as the scheduler judges; undefined if the driver states nothing.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/scheduler/framework/plugins/volumebinding/binder.go
 */
function largestIn({ capacity, maximumVolumeSize }: StorageCapacity): number | undefined {
  return maximumVolumeSize ?? capacity;
}

function size(bytes: number): string {
  return formatAmount('storage', bytes);
}
