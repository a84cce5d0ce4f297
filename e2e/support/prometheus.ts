import type { TestCluster } from './cluster.ts';

/** One series at one time: its labels, and its value as Prometheus writes it. */
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** A Prometheus in a pod, asked by its HTTP API; the test's machine reaches the pods of both clusters. */
export class PrometheusUser {
  constructor(
    private readonly cluster: TestCluster,
    private readonly namespace: string,
    private readonly pod: string,
  ) {}

  /** @param time in seconds; default now */
  async query(query: string, time?: number): Promise<Sample[]> {
    const address = await this.cluster.kubectl('get', 'pod', this.pod, '-n', this.namespace, '-o', 'jsonpath={.status.podIP}');
    const parameters = new URLSearchParams({ query, ...(time !== undefined && { time: `${time}` }) });
    const response = await fetch(`http://${address}:9090/api/v1/query?${parameters}`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${query} gave ${response.status}: ${await response.text()}`);
    const { data } = (await response.json()) as { data: { result: Sample[] } };
    return data.result;
  }

  /** Asks again until the answer is what the test waits for. */
  async until(query: string, isThere: (samples: Sample[]) => boolean, timeoutMs = 60_000): Promise<Sample[]> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const samples = await this.query(query).catch((error: Error) => error);
      if (Array.isArray(samples) && isThere(samples)) return samples;
      if (Date.now() > deadline) throw new Error(`${query} still gives ${JSON.stringify(samples)} ${samples}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
