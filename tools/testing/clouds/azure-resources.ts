export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface AzureCluster {
  body: { location: string; tags?: Record<string, string>; properties: Record<string, unknown> & { agentPoolProfiles: Pool[] } };
  state: 'Creating' | 'Succeeded' | 'Failed' | 'Deleting';
  /** How often it is still asked after until its state is another one. */
  left: number;
}

interface Pool {
  name: string;
}

export interface Permission {
  actions: string[];
  notActions: string[];
}

export const AZURE_GROUP = 'clusters';
export const AZURE_LOCATION = 'westeurope';

const SIZE = (name: string, cpus: number, memory: number, more: object = {}) => ({
  name,
  resourceType: 'virtualMachines',
  locations: [AZURE_LOCATION],
  capabilities: [
    { name: 'vCPUs', value: String(cpus) },
    { name: 'MemoryGB', value: String(memory) },
    { name: 'CpuArchitectureType', value: 'x64' },
  ],
  locationInfo: [{ location: AZURE_LOCATION, zones: ['1', '2', '3'] }],
  restrictions: [],
  ...more,
});

const SKUS = [
  SIZE('Standard_D4s_v5', 4, 16),
  SIZE('Standard_B1s', 1, 1),
  SIZE('Standard_D2s_v5', 2, 8, { locationInfo: [{ location: AZURE_LOCATION, zones: ['1', '2'] }] }),
  SIZE('Standard_NC6', 6, 56, { restrictions: [{ type: 'Location', reasonCode: 'NotAvailableForSubscription' }] }),
  { name: 'Premium_LRS', resourceType: 'disks', locations: [AZURE_LOCATION] },
];

/** What there is in a subscription: clusters that come and go, and what they are made from. */
export class AzureResources {
  readonly clusters = new Map<string, AzureCluster>();
  /** How often a cluster that is being made or deleted is asked after until it is. */
  slowness = 3;
  permissions: Permission[] = [{ actions: ['*'], notActions: [] }];
  /** What the next creations end with. */
  failure: { code: string; message: string } | undefined;
  /** Kubeconfigs that are answered: an admin's, a user's. */
  kubeconfigs = { admin: '', user: '' };

  private readonly subscription: string;

  constructor(subscription: string) {
    this.subscription = subscription;
  }

  reset(): void {
    this.clusters.clear();
    [this.slowness, this.failure, this.permissions] = [3, undefined, [{ actions: ['*'], notActions: [] }]];
  }

  /** @param operation as the description names it; @param parts what stands in its path */
  answer(operation: string, parts: string[], body: unknown, headers: Record<string, unknown>): Answer {
    const [, group = '', name = ''] = parts;
    if (parts[0] !== this.subscription)
      return failure(404, 'SubscriptionNotFound', `The subscription '${parts[0]}' could not be found.`);
    const isOfGroup = operation.startsWith('containerservice managed_clusters_') && parts.length > 2;
    if ((isOfGroup || /resource_groups_get|permissions/.test(operation)) && group.toLowerCase() !== AZURE_GROUP)
      return failure(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
    switch (operation) {
      case 'containerservice managed_clusters_create_or_update':
        return this.create(name, body as AzureCluster['body'], headers['if-none-match']);
      case 'containerservice managed_clusters_get':
        return this.read(name);
      case 'containerservice managed_clusters_delete':
        return this.remove(name);
      case 'containerservice managed_clusters_list_cluster_admin_credentials':
        return this.credentials(name, 'admin');
      case 'containerservice managed_clusters_list_cluster_user_credentials':
        return this.credentials(name, 'user');
      case 'containerservice managed_clusters_list_kubernetes_versions':
        return json(200, { values: [{ version: '1.33' }, { version: '1.34' }, { version: '1.35', isPreview: true }] });
      case 'authorization permissions_list_for_resource_group':
        return json(200, { value: this.permissions });
      case 'compute resource_skus_list':
        return json(200, { value: SKUS });
      case 'network virtual_networks_list_all':
        return json(200, { value: [this.network()] });
      case 'network virtual_networks_get':
        return name === 'office' ? json(200, this.network()) : failure(404, 'ResourceNotFound', `${name} was not found.`);
      case 'resource resource_groups_get':
        return json(200, { name: AZURE_GROUP, location: AZURE_LOCATION });
      case 'resource resource_groups_list':
        return json(200, { value: [{ name: AZURE_GROUP, location: AZURE_LOCATION }] });
      case 'resource subscriptions_get':
        return json(200, { subscriptionId: this.subscription, displayName: 'Tests', state: 'Enabled' });
      case 'resource subscriptions_list_locations':
        return json(200, {
          value: [
            { name: AZURE_LOCATION, metadata: { regionType: 'Physical' } },
            { name: 'europe', metadata: { regionType: 'Logical' } },
          ],
        });
      default:
        return failure(501, 'NotImplemented', `${operation} is not there`);
    }
  }

  /** In which the nodes may be. */
  subnetId(name = 'nodes'): string {
    return `/subscriptions/${this.subscription}/resourceGroups/${AZURE_GROUP}/providers/Microsoft.Network/virtualNetworks/office/subnets/${name}`;
  }

  private network() {
    return {
      id: this.subnetId().replace(/\/subnets\/.*/, ''),
      name: 'office',
      location: AZURE_LOCATION,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/8'] },
        subnets: [{ id: this.subnetId(), name: 'nodes', properties: { addressPrefix: '10.1.0.0/16' } }],
      },
    };
  }

  private create(name: string, body: AzureCluster['body'], ifNoneMatch: unknown): Answer {
    const found = this.clusters.get(name);
    if (found?.state === 'Deleting' || found?.state === 'Creating') return busy(found.state);
    if (found && ifNoneMatch === '*') return failure(412, 'PreconditionFailed', 'The resource exists already.');
    const overlap = body.properties.networkProfile as { serviceCidr?: string; podCidr?: string };
    const inNetwork = body.properties.agentPoolProfiles.some((pool) => 'vnetSubnetID' in pool);
    if (inNetwork && [overlap?.serviceCidr, overlap?.podCidr].some((cidr) => cidr === undefined || cidr.startsWith('10.')))
      return failure(
        400,
        'ServiceCidrOverlapExistingSubnetsCidr',
        'The specified service CIDR is conflicted with an existing subnet CIDR 10.1.0.0/16',
      );
    const cluster: AzureCluster = { body, state: 'Creating', left: this.slowness };
    this.clusters.set(name, cluster);
    return json(201, this.view(name, cluster), { 'azure-asyncoperation': this.operationUrl() });
  }

  private read(name: string): Answer {
    const cluster = this.clusters.get(name);
    if (!cluster) return missing(name);
    if ((cluster.state === 'Creating' || cluster.state === 'Deleting') && cluster.left-- <= 0) {
      if (cluster.state === 'Deleting') {
        this.clusters.delete(name);
        return missing(name);
      }
      cluster.state = this.failure ? 'Failed' : 'Succeeded';
    }
    return json(200, this.view(name, cluster));
  }

  /** What is being made is not deleted before it is made. */
  private remove(name: string): Answer {
    const cluster = this.clusters.get(name);
    if (!cluster) return { status: 204, headers: {}, body: '' };
    if (cluster.state === 'Creating') return busy('Creating');
    [cluster.state, cluster.left] = ['Deleting', this.slowness];
    return { status: 202, headers: { location: this.operationUrl() }, body: '' };
  }

  private credentials(name: string, whose: 'admin' | 'user'): Answer {
    const cluster = this.clusters.get(name);
    if (!cluster) return missing(name);
    if (whose === 'admin' && cluster.body.properties.disableLocalAccounts === true)
      return failure(
        400,
        'BadRequest',
        'Getting static credential is not allowed because this cluster is set to disable local accounts.',
      );
    const value = Buffer.from(this.kubeconfigs[whose]).toString('base64');
    return json(200, { kubeconfigs: [{ name: `cluster${whose === 'admin' ? 'Admin' : 'User'}`, value }] });
  }

  private view(name: string, { body, state }: AzureCluster): object {
    const status = state === 'Failed' ? { status: { provisioningError: this.failure } } : {};
    return { ...body, name, properties: { ...body.properties, provisioningState: state, ...status } };
  }

  /** Of which only the worker that began it knows; it is never to be asked. */
  private operationUrl(): string {
    return `https://127.0.0.1:1/subscriptions/${this.subscription}/operations/1`;
  }
}

export function json(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function failure(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return json(status, { error: { code, message } }, headers);
}

function missing(name: string): Answer {
  return failure(404, 'ResourceNotFound', `The Resource 'Microsoft.ContainerService/managedClusters/${name}' was not found.`);
}

function busy(state: string): Answer {
  return failure(409, 'OperationNotAllowed', `Operation is not allowed: another operation (${state}) is in progress.`);
}
