import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isAutomaticTokenName } from '@godwit/selection/automatic-token';
import { isAutomaticPullSecret } from './automatic-pull-secret.ts';
import { isKind } from './kinds.ts';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

type Reference = { name?: string };
interface ServiceAccount extends KubernetesObject {
  secrets?: Reference[];
  imagePullSecrets?: Reference[];
}

/** Annotations by which an account acts for one of a cloud. */
const CLOUD_IDENTITIES = ['eks.amazonaws.com/role-arn', 'iam.gke.io/gcp-service-account', 'azure.workload.identity/client-id'];

/** Takes the references to the credentials that the source made by itself off a ServiceAccount (rule 24). */
export function releaseServiceAccount(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'ServiceAccount')) return keep(object);
  const { secrets, imagePullSecrets, ...account } = object as ServiceAccount;
  const { name, annotations } = object.metadata;
  const isOwn = (reference: Reference) => !reference.name || !isAutomatic(name, reference.name);
  return keep(
    {
      ...account,
      ...(secrets?.some(isOwn) && { secrets: secrets.filter(isOwn) }),
      ...(imagePullSecrets?.some(isOwn) && { imagePullSecrets: imagePullSecrets.filter(isOwn) }),
    },
    CLOUD_IDENTITIES.flatMap((key) => (annotations?.[key] ? [cloudIdentity(object, key)] : [])),
  );
}

function isAutomatic(account: string, secret: string): boolean {
  return isAutomaticTokenName(account, secret) || isAutomaticPullSecret(account, secret);
}

/** The cloud trusts the tokens of one cluster, for one namespace and name. */
function cloudIdentity(object: KubernetesObject, key: string): Finding {
  return findingOn(
    object,
    'warning',
    'CloudIdentityToTrust',
    `By ${key} it acts for ${object.metadata.annotations?.[key]}, which trusts it only as an account of the source.`,
    "Let the cloud's identity trust the destination's token issuer, for the account's namespace and name there.",
  );
}
