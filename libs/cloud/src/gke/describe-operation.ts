import type { protos } from '@google-cloud/container';

export type Operation = protos.google.container.v1.IOperation;

/** Metrics come in pairs: `NODES`, and `NODES_TOTAL`. */
const TOTAL = '_TOTAL';

/** Pure: how far an operation is, in the provider's own words: `RUNNING, deploying (CLUSTER_DEPLOYING 2 of 7)`. */
export function describeOperation({ status, detail, progress }: Operation): string {
  const stage = progress?.stages?.find((candidate) => candidate.status === 'RUNNING')?.name;
  const metrics = new Map(
    (progress?.metrics ?? []).map(({ name, intValue, stringValue, doubleValue }) => [
      name ?? '',
      String(intValue ?? doubleValue ?? stringValue ?? ''),
    ]),
  );
  const counts = [...metrics].flatMap(([name, total]) => {
    const key = name.slice(0, -TOTAL.length);
    return name.endsWith(TOTAL) && metrics.has(key) ? `${key} ${metrics.get(key)} of ${total}` : [];
  });
  const words = [String(status ?? 'UNKNOWN'), detail || stage].filter(Boolean).join(', ');
  return counts.length > 0 ? `${words} (${counts.join(', ')})` : words;
}

/** @returns what the provider says of an operation that came to nothing */
export function failureOf({ error, statusMessage }: Operation): string | undefined {
  return error?.message || statusMessage || (error?.code ? `code ${error.code}` : undefined);
}
