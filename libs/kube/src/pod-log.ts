import type { KubeClient } from './kube-client.ts';
import { POD, resourcePath } from './resource-type.ts';
import { streamLines } from './watch.ts';

/** Follows a container's log, from its start; ends with the container. */
export function followLog(
  client: KubeClient,
  namespace: string,
  pod: string,
  container: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const path = `${resourcePath(POD, namespace, pod)}/log`;
  return streamLines(client, path, { container, follow: true }, signal, `following the log of Pod ${namespace}/${pod}`);
}

/** The last lines of a container's log. */
export async function tailLog(
  client: KubeClient,
  namespace: string,
  pod: string,
  container: string,
  lines: number,
  signal?: AbortSignal,
): Promise<string> {
  const path = `${resourcePath(POD, namespace, pod)}/log`;
  const response = await client.request(path, {
    query: { container, tailLines: lines, limitBytes: 16_384 },
    signal,
    what: `reading the log of Pod ${namespace}/${pod}`,
  });
  return response.text();
}
