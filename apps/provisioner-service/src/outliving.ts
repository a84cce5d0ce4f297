import type { CloudClusterType } from '@godwit/contracts/destination';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listAll } from '@godwit/kube/list-all';
import { PERSISTENT_VOLUME, SERVICE } from '@godwit/kube/resource-type';

interface Volume extends KubernetesObject {
  spec?: { csi?: { volumeHandle?: string } };
}

interface Service extends KubernetesObject {
  status?: { loadBalancer?: { ingress?: readonly { hostname?: string; ip?: string }[] } };
}

/** Of AKS all disks and load balancers lie in the cluster's own resource group, which goes with it. */
const TAKES_ALL_WITH_IT: readonly CloudClusterType[] = ['AKS'];

/**
 * What a cluster has made in its cloud and nobody takes back once the cluster is gone: its controllers go with it.
 *
 * @returns things for people: `volume vol-0a1 (PersistentVolume pvc-7)`
 */
export async function findOutliving(client: KubeClient, type: CloudClusterType, signal: AbortSignal): Promise<string[]> {
  if (TAKES_ALL_WITH_IT.includes(type)) return [];
  const [volumes, services] = await Promise.all([
    listAll<Volume>(client, PERSISTENT_VOLUME, { signal }),
    listAll<Service>(client, SERVICE, { signal }),
  ]);
  return tellOutliving(volumes, services);
}

/** Pure: of these objects, those behind which there is something in the cloud. */
export function tellOutliving(volumes: readonly Volume[], services: readonly Service[]): string[] {
  const disks = volumes.flatMap(({ metadata, spec }) =>
    spec?.csi?.volumeHandle ? `volume ${spec.csi.volumeHandle} (PersistentVolume ${metadata.name})` : [],
  );
  const balancers = services.flatMap(({ metadata, status }) =>
    (status?.loadBalancer?.ingress ?? []).map(
      ({ hostname, ip }) => `load balancer ${hostname ?? ip} (Service ${metadata.namespace}/${metadata.name})`,
    ),
  );
  return [...disks, ...balancers];
}
