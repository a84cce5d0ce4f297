import { BASELINE } from './baseline.ts';
import type { SecuredPod } from './control.ts';
import { RESTRICTED } from './restricted.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export interface Policy {
  level: Level;
  /** The minor version whose standard counts. */
  minor: number;
}

/**
 * What a namespace's labels enforce. Without the label the cluster's own default counts, which no API tells; it is
 * "privileged" unless the API server was configured otherwise.
 * @param latest minor version of the cluster, whose standard is the latest it knows
 */
export function policyOf(labels: Readonly<Record<string, string>>, latest = Number.POSITIVE_INFINITY): Policy {
  const level = labels[ENFORCE];
  const minor = /^v1\.(\d+)$/.exec(labels[`${ENFORCE}-version`] ?? '')?.[1];
  // A level that is none counts as the strictest, as the admission plugin takes it.
  const known = level === undefined || level === 'privileged' || level === 'baseline' ? (level ?? 'privileged') : 'restricted';
  return { level: known, minor: minor === undefined ? latest : Math.min(Number(minor), latest) };
}

/** What of a pod a policy forbids, each a phrase for people; none if it is admitted. */
export function violations(pod: SecuredPod, { level, minor }: Policy): string[] {
  if (level === 'privileged') return [];
  const controls = level === 'baseline' ? BASELINE : [...BASELINE, ...RESTRICTED];
  return controls.filter(({ since }) => since <= minor).flatMap((control) => control.violations(pod, minor));
}
