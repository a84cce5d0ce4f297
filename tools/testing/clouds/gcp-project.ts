import type { EmulatorAnswer } from './aws-emulator.ts';
import { answer, notFound } from './google-answer.ts';

const COMPUTE = 'https://www.googleapis.com/compute/v1/projects';
const ZONES: Readonly<Record<string, string[]>> = {
  'europe-west1': ['europe-west1-b', 'europe-west1-c', 'europe-west1-d'],
  'us-central1': ['us-central1-a', 'us-central1-b'],
};
const MACHINE_TYPES = [
  { name: 'e2-standard-4', guestCpus: 4, memoryMb: 16_384, architecture: 'X86_64' },
  { name: 't2a-standard-2', guestCpus: 2, memoryMb: 8_192, architecture: 'ARM64' },
];
const NETWORKS = [
  { name: 'default', autoCreateSubnetworks: true },
  { name: 'own', autoCreateSubnetworks: false },
];

/** What there is in a project beside its clusters. */
export class GcpProject {
  denied: string[] = [];
  readonly nodeAccount = 'nodes@a-project.iam.gserviceaccount.com';
  readonly lockedAccount = 'locked@a-project.iam.gserviceaccount.com';

  has(location: string): boolean {
    return location in ZONES || Object.values(ZONES).some((zones) => zones.includes(location));
  }

  /** @param path of Compute Engine, after the project */
  compute(project: string, path: string): EmulatorAnswer {
    const [scope = '', place = '', kind = '', name] = path.split('/');
    const url = (rest: string) => `${COMPUTE}/${project}/${rest}`;
    const regions = Object.entries(ZONES).map(([region, zones]) => ({
      name: region,
      zones: zones.map((zone) => url(`zones/${zone}`)),
    }));
    const one = <T extends { name: string }>(items: T[], wanted: string) => {
      const found = items.find((item) => item.name === wanted);
      return found ? answer(found) : notFound(path);
    };
    if (scope === 'regions' && !place) return pageOf(regions);
    if (scope === 'regions' && !kind) return one(regions, place);
    if (kind === 'machineTypes' && this.has(place)) return name ? one(MACHINE_TYPES, name) : pageOf(MACHINE_TYPES);
    if (place === 'networks') return kind ? one(NETWORKS, kind) : pageOf(NETWORKS);
    if (kind === 'subnetworks' && place in ZONES) {
      const subnetworks = NETWORKS.map((network) => ({
        name: `${network.name}-${place}`,
        network: url(`global/networks/${network.name}`),
        region: url(`regions/${place}`),
        ipCidrRange: '10.0.0.0/20',
      }));
      return name ? one(subnetworks, name) : pageOf(subnetworks);
    }
    return notFound(path);
  }

  permissions(asked: readonly string[]): EmulatorAnswer {
    return answer({ permissions: asked.filter((permission) => !this.denied.includes(permission)) });
  }

  accounts(): EmulatorAnswer {
    return answer({ accounts: [this.nodeAccount, this.lockedAccount].map((email) => ({ email })) });
  }

  accountPermissions(email: string, asked: readonly string[]): EmulatorAnswer {
    if (email === this.lockedAccount) return answer({});
    return email === this.nodeAccount ? answer({ permissions: asked }) : notFound(email);
  }
}

function pageOf(items: object[]): EmulatorAnswer {
  return answer({ items });
}
