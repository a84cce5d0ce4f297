import type { GkeDestination } from '@godwit/contracts/destination';
import type { protos } from '@google-cloud/container';
import type { ProviderCall, ProviderPace } from '../cluster-provider.ts';
import { explainGcpError, isNotFound } from './explain-gcp-error.ts';
import { CALL, type GcpClients } from './gcp-clients.ts';
import { clusterPath } from './gke-names.ts';

export type Cluster = protos.google.container.v1.ICluster;

export interface GkeWork {
  clients: GcpClients;
  runId: string;
  destination: GkeDestination;
  call: ProviderCall;
  pace: ProviderPace;
}

/** A call of the SDK that makes something: its answer is waited for, whatever else ends. @throws as `ask` does */
export async function askToCreate<T>(
  clients: GcpClients,
  what: string,
  answer: Promise<[T, ...unknown[]]>,
  excuse: (error: unknown) => boolean,
): Promise<T | undefined> {
  await answer.catch(() => {});
  return ask(clients, what, answer, excuse);
}

/** A call of the SDK; @throws the error with what it means, unless `excuse` takes it: then there is no answer */
export async function ask<T>(
  clients: GcpClients,
  what: string,
  answer: Promise<[T, ...unknown[]]>,
  excuse: (error: unknown) => boolean = () => false,
): Promise<T | undefined> {
  // The SDK goes on with it when nobody waits any more.
  answer.catch(() => {});
  try {
    return (await clients.untilAborted(answer))[0];
  } catch (error) {
    clients.throwIfAborted();
    if (excuse(error)) return undefined;
    throw explainGcpError(error, what);
  }
}

/** @returns the cluster of that name, whoever made it */
export function findCluster({ clients, destination }: Pick<GkeWork, 'clients' | 'destination'>): Promise<Cluster | undefined> {
  const answer = clients.clusters.getCluster({ name: clusterPath(clients.projectId, destination) }, CALL);
  return ask<Cluster>(clients, `reading GKE cluster ${destination.name}`, answer, isNotFound);
}
