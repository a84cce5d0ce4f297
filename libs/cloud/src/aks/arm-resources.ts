import type { AzureClients } from './azure-clients.ts';
import type { Permission } from './azure-permissions.ts';
import { isNotThere } from './explain-azure-error.ts';

/** Versions of the APIs that are asked without a client of the SDK. */
const VERSIONS = {
  authorization: '2022-04-01',
  network: '2026-03-01',
  resourceGroups: '2025-04-01',
  skus: '2021-07-01',
  subscriptions: '2022-12-01',
};

export interface Location {
  name: string;
  metadata?: { regionType?: string };
}

export interface ResourceGroup {
  name: string;
  location: string;
}

export interface VirtualNetwork {
  id: string;
  name: string;
  location: string;
  properties: {
    addressSpace?: { addressPrefixes?: string[] };
    subnets?: { id: string; name: string; properties: { addressPrefix?: string; addressPrefixes?: string[] } }[];
  };
}

/** A size of virtual machines, in one location. */
export interface Sku {
  name: string;
  resourceType: string;
  capabilities?: { name: string; value: string }[];
  locationInfo?: { location: string; zones?: string[] }[];
  restrictions?: { type: string; reasonCode?: string; restrictionInfo?: { zones?: string[] } }[];
}

/** All of these throw RestError, like the SDK. */
export const armResources = {
  subscription: (clients: AzureClients, signal: AbortSignal) =>
    clients.get<{ displayName?: string; state?: string }>(clients.scope(), { 'api-version': VERSIONS.subscriptions }, signal),

  locations: (clients: AzureClients, signal: AbortSignal) =>
    clients.list<Location>(`${clients.scope()}/locations`, { 'api-version': VERSIONS.subscriptions }, signal),

  resourceGroups: (clients: AzureClients, signal: AbortSignal) =>
    clients.list<ResourceGroup>(`${clients.scope()}/resourcegroups`, { 'api-version': VERSIONS.resourceGroups }, signal),

  /** @returns undefined if it is not there */
  resourceGroup: (clients: AzureClients, name: string, signal: AbortSignal) =>
    unlessMissing(clients.get<ResourceGroup>(clients.scope(name), { 'api-version': VERSIONS.resourceGroups }, signal)),

  /** What the caller may do in a group, by all of its roles. */
  permissions: (clients: AzureClients, resourceGroup: string, signal: AbortSignal) =>
    clients.list<Permission>(
      `${clients.scope(resourceGroup)}/providers/Microsoft.Authorization/permissions`,
      { 'api-version': VERSIONS.authorization },
      signal,
    ),

  virtualNetworks: (clients: AzureClients, signal: AbortSignal) =>
    clients.list<VirtualNetwork>(
      `${clients.scope()}/providers/Microsoft.Network/virtualNetworks`,
      { 'api-version': VERSIONS.network },
      signal,
    ),

  /** @param subnetId of a subnet in it. @returns undefined if it is not there */
  networkOf: (clients: AzureClients, subnetId: string, signal: AbortSignal) =>
    unlessMissing(
      clients.get<VirtualNetwork>(subnetId.replace(/\/subnets\/[^/]+$/i, ''), { 'api-version': VERSIONS.network }, signal),
    ),

  /** Sizes of virtual machines, also those that the subscription may not use. */
  vmSizes: async (clients: AzureClients, location: string, signal: AbortSignal) =>
    (
      await clients.list<Sku>(
        `${clients.scope()}/providers/Microsoft.Compute/skus`,
        { 'api-version': VERSIONS.skus, $filter: `location eq '${location}'` },
        signal,
      )
    ).filter(({ resourceType }) => resourceType === 'virtualMachines'),
};

async function unlessMissing<T>(ask: Promise<T>): Promise<T | undefined> {
  try {
    return await ask;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
