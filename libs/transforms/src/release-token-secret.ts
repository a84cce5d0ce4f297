import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { automaticTokenOf } from '@godwit/selection/automatic-token';
import { isAutomaticPullSecret } from './automatic-pull-secret.ts';
import { isKind } from './kinds.ts';
import { drop, findingOn, keep, type TransformOutcome } from './transform.ts';

/** Filled in by the cluster for the account that the Secret names. */
const FILLED_KEYS = new Set(['token', 'ca.crt', 'namespace']);

/** Empties the token Secrets that people made, so that the destination fills them; those made by the source stay (rule 25). */
export function releaseTokenSecret(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Secret')) return keep(object);
  const puller = pullSecretAccount(object);
  if (puller !== undefined) {
    return drop(
      findingOn(object, 'note', 'TokenNotCopied', `It opens the source's own image registry to ServiceAccount ${puller}.`),
    );
  }
  if (object.type !== 'kubernetes.io/service-account-token') return keep(object);
  const account = automaticTokenOf(object);
  if (account !== undefined) {
    return drop(
      findingOn(object, 'note', 'TokenNotCopied', `It is the token that the source made for ServiceAccount ${account}.`),
    );
  }
  const { data, ...secret } = object as KubernetesObject & { data?: Record<string, string> };
  const { 'kubernetes.io/service-account.uid': _, ...annotations } = object.metadata.annotations ?? {};
  const own = Object.entries(data ?? {}).filter(([key]) => !FILLED_KEYS.has(key));
  return keep({
    ...secret,
    metadata: { ...object.metadata, annotations },
    ...(own.length > 0 && { data: Object.fromEntries(own) }),
  });
}

/** The account for which OpenShift made a pull Secret by itself. */
function pullSecretAccount({ type, metadata }: KubernetesObject): string | undefined {
  const account =
    metadata.annotations?.['kubernetes.io/service-account.name'] ??
    metadata.annotations?.['openshift.io/internal-registry-auth-token.service-account'];
  const isPullSecret = type === 'kubernetes.io/dockercfg' && account !== undefined;
  return isPullSecret && isAutomaticPullSecret(account, metadata.name) ? account : undefined;
}
