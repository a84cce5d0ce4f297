import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

const RANDOM_CHARACTERS = 5;

/**
 * The ServiceAccount for which the cluster made a token Secret by itself, as it once did for each (rule 25): such a Secret is
 * named after the account, with five random characters. Undefined if people made it.
 */
export function automaticTokenOf({ metadata, type }: KubernetesObject): string | undefined {
  const account = metadata.annotations?.['kubernetes.io/service-account.name'];
  if (type !== 'kubernetes.io/service-account-token' || !account) return undefined;
  const prefix = `${account}-token-`;
  return metadata.name.startsWith(prefix) && metadata.name.length === prefix.length + RANDOM_CHARACTERS ? account : undefined;
}
