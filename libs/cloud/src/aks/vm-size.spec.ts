import { expect, test } from '@jest/globals';
import { vmSizeOf } from './vm-size.ts';

const SKU = {
  name: 'Standard_D4s_v5',
  resourceType: 'virtualMachines',
  capabilities: [
    { name: 'vCPUs', value: '4' },
    { name: 'MemoryGB', value: '16' },
    { name: 'CpuArchitectureType', value: 'x64' },
  ],
  locationInfo: [{ location: 'westeurope', zones: ['3', '1', '2'] }],
  restrictions: [],
};

test('a size that may be used everywhere', () => {
  expect(vmSizeOf(SKU)).toEqual({
    name: 'Standard_D4s_v5',
    cpus: 4,
    memoryGiB: 16,
    architecture: 'amd64',
    zones: ['1', '2', '3'],
    isAvailable: true,
  });
});

test('a zone that is closed to the subscription is none to choose', () => {
  const restrictions = [{ type: 'Zone', reasonCode: 'NotAvailableForSubscription', restrictionInfo: { zones: ['2'] } }];
  expect(vmSizeOf({ ...SKU, restrictions })).toMatchObject({ zones: ['1', '3'], isAvailable: true });
});

test('a location that is closed to the subscription makes the size unavailable', () => {
  const restrictions = [{ type: 'Location', reasonCode: 'NotAvailableForSubscription' }];
  expect(vmSizeOf({ ...SKU, restrictions })).toMatchObject({ isAvailable: false });
});

test('sizes of Arm are told apart, and what is not told is nothing', () => {
  expect(vmSizeOf({ ...SKU, capabilities: [{ name: 'CpuArchitectureType', value: 'Arm64' }], locationInfo: [] })).toMatchObject({
    architecture: 'arm64',
    cpus: 0,
    zones: [],
  });
});
