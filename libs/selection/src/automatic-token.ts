import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** The characters of which Kubernetes makes random parts of names: no vowels, and none that are easily mistaken. */
const RANDOM_SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/**
 * The ServiceAccount for which the cluster made a token Secret by itself, as it once did for each (rule 25): such a Secret is
 * named after the account, with five random characters. Undefined if people made it.
 */
export function automaticTokenOf({ metadata, type }: KubernetesObject): string | undefined {
  const account = metadata.annotations?.['kubernetes.io/service-account.name'];
  if (type !== 'kubernetes.io/service-account-token' || !account) return undefined;
  return isAutomaticTokenName(account, metadata.name) ? account : undefined;
}

/** Whether the cluster would name a token Secret of the account so. */
export function isAutomaticTokenName(account: string, secret: string): boolean {
  const prefix = `${account}-token-`;
  return secret.startsWith(prefix) && RANDOM_SUFFIX.test(secret.slice(prefix.length));
}
