import type { Sku } from './arm-resources.ts';

export interface VmSize {
  name: string;
  cpus: number;
  memoryGiB: number;
  architecture: 'amd64' | 'arm64';
  /** In which it may be used; none where the location has no zones. */
  zones: string[];
  /** False: the subscription may not use it in the location at all. */
  isAvailable: boolean;
}

/** What Azure tells of a size of virtual machines, as the subscription may use it. */
export function vmSizeOf({ name, capabilities = [], locationInfo = [], restrictions = [] }: Sku): VmSize {
  const value = (capability: string) => capabilities.find((one) => one.name === capability)?.value;
  const closed = new Set(
    restrictions.flatMap(({ type, restrictionInfo }) => (type === 'Zone' ? (restrictionInfo?.zones ?? []) : [])),
  );
  return {
    name,
    cpus: Number(value('vCPUs') ?? 0),
    memoryGiB: Number(value('MemoryGB') ?? 0),
    architecture: value('CpuArchitectureType') === 'Arm64' ? 'arm64' : 'amd64',
    zones: (locationInfo[0]?.zones ?? []).filter((zone) => !closed.has(zone)).sort(),
    isAvailable: !restrictions.some(({ type }) => type === 'Location'),
  };
}
