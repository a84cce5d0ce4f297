import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { SERVICE } from '@godwit/kube/resource-type';

interface Service extends KubernetesObject {
  spec?: { ports?: { nodePort?: number }[]; healthCheckNodePort?: number };
}

/** The node ports that the API server names as taken when it refuses a Service; none: it is refused for something else. */
export function takenNodePorts(message: string): number[] {
  if (!message.includes('provided port is already allocated')) return [];
  // `spec.ports[0].nodePort: Invalid value: 30080: provided port …`, or `… HealthCheck NodePort 31000: provided port …`
  const ports = message.matchAll(/(?:Invalid value: |NodePort )(\d+): provided port is already allocated/g);
  return [...new Set([...ports].map(([, port]) => Number(port)))];
}

/** Whose the ports are, and what to do about it, as the end of a sentence (rule 9). */
export function describeTaken(ports: readonly number[], services: readonly Service[]): string {
  const holds = ({ spec }: Service, port: number) =>
    spec?.healthCheckNodePort === port || spec?.ports?.some(({ nodePort }) => nodePort === port);
  const taken = ports.map((port) => {
    const holder = services.find((service) => holds(service, port));
    return `node port ${port} belongs to ${holder ? describeObject(holder) : 'a Service that is not there any more'} on the destination`;
  });
  return `${taken.join('; ')}. Give one of the two another port (a resource modifier can do it), or remove what holds it, and run again`;
}

/** @returns why a Service is refused, with the owners of the ports that it wants; undefined if that is not the reason */
export async function explainNodePorts(client: KubeClient, message: string, signal: AbortSignal): Promise<string | undefined> {
  const ports = takenNodePorts(message);
  if (ports.length === 0) return undefined;
  return describeTaken(ports, await Array.fromAsync(client.list<Service>(SERVICE, { signal })));
}
