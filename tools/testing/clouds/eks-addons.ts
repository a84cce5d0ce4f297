import { type EmulatorAnswer, json } from './aws-emulator.ts';

/** The add-ons of EKS clusters, which moto does not have. */
export class EksAddons {
  /** By `cluster/addon`. */
  private readonly addons = new Map<string, object>();

  clear(): void {
    this.addons.clear();
  }

  names(): string[] {
    return [...this.addons.keys()];
  }

  forget(cluster: string): void {
    for (const key of [...this.addons.keys()]) if (key.startsWith(`${cluster}/`)) this.addons.delete(key);
  }

  answer(operation: string, path: string, clusterExists: boolean, body?: { addonName?: string }): EmulatorAnswer {
    const [, , clusterName = '', , inPath] = path.split('/');
    const addonName = inPath ?? body?.addonName ?? '';
    const key = `${clusterName}/${addonName}`;
    const missing = json(
      404,
      { message: `No addon: ${addonName} found in cluster: ${clusterName}` },
      'ResourceNotFoundException',
    );
    if (!clusterExists) return json(404, { message: `No cluster found for name: ${clusterName}.` }, 'ResourceNotFoundException');
    if (operation === 'DescribeAddon') {
      const addon = this.addons.get(key);
      return addon ? json(200, { addon }) : missing;
    }
    if (operation !== 'CreateAddon') return json(501, { message: `${operation} is not there` }, 'ServerException');
    if (this.addons.has(key)) return json(409, { message: 'Addon already exists.' }, 'ResourceInUseException');
    const addon = { ...body, clusterName, addonName, status: 'ACTIVE', health: { issues: [] } };
    this.addons.set(key, addon);
    return json(200, { addon: { ...addon, status: 'CREATING' } });
  }
}
