import type { KubeClient } from './kube-client.ts';
import { POD, resourcePath } from './resource-type.ts';
import { streamLines } from './watch.ts';

export interface LogLine {
  /** When it was written, by the node's clock: nanoseconds since 1970. */
  at: bigint;
  text: string;
}

/**
 * Follows a container's log. It ends with the container, and without an error also when the kubelet starts again or loses its place as
 * the log is rotated: only the pod tells whether there is more.
 * @param since to begin with the lines of this time, nanoseconds since 1970; servers go by whole seconds, so earlier ones of the same
 * second come as well. None: from the start
 */
export async function* followLog(
  client: KubeClient,
  namespace: string,
  pod: string,
  container: string,
  since: bigint | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const path = `${resourcePath(POD, namespace, pod)}/log`;
  const sinceTime = since === undefined ? undefined : new Date(Number(since / 1_000_000n)).toISOString();
  const query = { container, follow: true, timestamps: true, sinceTime };
  for await (const line of streamLines(client, path, query, signal, `following the log of Pod ${namespace}/${pod}`)) {
    const parsed = parseLogLine(line);
    if (parsed) yield parsed;
  }
}

/** @returns undefined for what is no line of the container's, such as the kubelet's own word that it cannot read the log */
function parseLogLine(line: string): LogLine | undefined {
  const [, seconds, fraction = '', zone, text] = /^([\d-]+T[\d:]+)(?:\.(\d+))?(Z|[+-][\d:]+) (.*)$/.exec(line) ?? [];
  if (seconds === undefined || text === undefined) return undefined;
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return { at: BigInt(Date.parse(`${seconds}${zone}`)) * 1_000_000n + nanoseconds, text };
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
