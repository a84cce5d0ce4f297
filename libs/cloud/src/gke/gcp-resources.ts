import type { GcpClients } from './gcp-clients.ts';
import { lastSegment } from './gke-names.ts';

const COMPUTE = 'https://compute.googleapis.com/compute/v1';
const PAGE = 500;

export interface Region {
  name: string;
  /** URLs. */
  zones?: string[];
}

export interface Network {
  name: string;
  /** Of each region; false: those that were made for it. */
  autoCreateSubnetworks?: boolean;
}

export interface Subnetwork {
  name: string;
  /** URLs. */
  network: string;
  region: string;
  ipCidrRange: string;
}

export interface MachineType {
  name: string;
  guestCpus: number;
  memoryMb: number;
  architecture?: string;
}

interface Page<T> {
  items?: T[];
  nextPageToken?: string;
}

/** What Compute Engine tells of a project, as far as clusters are made of it. Errors are those of the requests. */
export class GcpResources {
  constructor(private readonly clients: GcpClients) {}

  regions = () => this.list<Region>(`projects/${this.clients.projectId}/regions`);
  region = (name: string) => this.clients.request<Region>(`${COMPUTE}/projects/${this.clients.projectId}/regions/${name}`);
  networks = () => this.list<Network>(`projects/${this.clients.projectId}/global/networks`);
  subnetworks = (region: string) => this.list<Subnetwork>(`projects/${this.clients.projectId}/regions/${region}/subnetworks`);

  machineTypes = (zone: string) => this.list<MachineType>(`projects/${this.clients.projectId}/zones/${zone}/machineTypes`);

  machineType = (zone: string, name: string) =>
    this.clients.request<MachineType>(`${COMPUTE}/projects/${this.clients.projectId}/zones/${zone}/machineTypes/${name}`);

  /** @param network a name, or `projects/…/global/networks/…` of a project that shares it */
  network = (network: string) =>
    this.clients.request<Network>(
      `${COMPUTE}/${network.startsWith('projects/') ? network : `projects/${this.clients.projectId}/global/networks/${network}`}`,
    );

  /** @param subnetwork a name, or `projects/…/regions/…/subnetworks/…` of a project that shares it */
  subnetwork = (region: string, subnetwork: string) =>
    this.clients.request<Subnetwork>(
      `${COMPUTE}/${subnetwork.startsWith('projects/') ? subnetwork : `projects/${this.clients.projectId}/regions/${region}/subnetworks/${subnetwork}`}`,
    );

  /** @returns the zones that a location has: of a zone itself alone */
  async zonesOf(region: string, location: string): Promise<string[]> {
    const zones = ((await this.region(region)).zones ?? []).map(lastSegment);
    return location === region ? zones : zones.filter((zone) => zone === location);
  }

  private async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let pageToken = ''; ; ) {
      const params = { maxResults: PAGE, ...(pageToken ? { pageToken } : {}) };
      const page = await this.clients.request<Page<T>>(`${COMPUTE}/${path}`, { params });
      items.push(...(page.items ?? []));
      if (!page.nextPageToken) return items;
      pageToken = page.nextPageToken;
    }
  }
}
