import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { accountKey, anyAccountKey, kindKey, objectKey, type Tie, wholeNamespaceKey } from './tie.ts';

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface ServiceReference {
  namespace: string;
  name: string;
}

export interface Companionship {
  /** The object comes along as soon as something of these does (rule 32). */
  comesWith: Tie[];
  /** It is of no use, or does harm, without one of them: it never goes alone. */
  onlyTogether: boolean;
}

/** What an object serves, binds or defines, without being named by it. */
export function companionshipOf(object: KubernetesObject): Companionship {
  switch (`${object.kind}.${groupOf(object.apiVersion)}`) {
    case 'RoleBinding.rbac.authorization.k8s.io':
    case 'ClusterRoleBinding.rbac.authorization.k8s.io':
      return binding(object);
    case 'CustomResourceDefinition.apiextensions.k8s.io':
      return { comesWith: definition(object), onlyTogether: false };
    case 'MutatingWebhookConfiguration.admissionregistration.k8s.io':
    case 'ValidatingWebhookConfiguration.admissionregistration.k8s.io': {
      const webhooks = (object.webhooks ?? []) as { clientConfig?: { service?: ServiceReference } }[];
      return servedBy(webhooks.flatMap(({ clientConfig }) => clientConfig?.service ?? []));
    }
    case 'APIService.apiregistration.k8s.io': {
      const { service } = (object.spec ?? {}) as { service?: ServiceReference };
      return servedBy(service ? [service] : []);
    }
    case 'PersistentVolume.':
      return volume(object);
    case 'Secret.':
      return { comesWith: token(object), onlyTogether: false };
    default:
      return { comesWith: [], onlyTogether: false };
  }
}

/** A binding of accounts that stay would give its rights to whoever later makes accounts of these names. */
function binding({ subjects = [] }: KubernetesObject): Companionship {
  const comesWith = (subjects as Subject[]).map(accountTies);
  return { comesWith: comesWith.flat(), onlyTogether: comesWith.length > 0 && comesWith.every((ties) => ties.length > 0) };
}

function accountTies({ kind, name, namespace = '' }: Subject): Tie[] {
  if (kind === 'ServiceAccount') return accountTie(namespace, name, `ServiceAccount ${namespace}/${name}`);
  const [, ofUser = '', account = ''] = (kind === 'User' && /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)) || [];
  if (ofUser) return accountTie(ofUser, account, `User ${name}`);
  const [, ofGroup = ''] = (kind === 'Group' && /^system:serviceaccounts:([^:]+)$/.exec(name)) || [];
  if (!ofGroup) return [];
  const why = `It binds Group ${name}, of which accounts are migrated.`;
  return [
    { key: anyAccountKey(ofGroup), why },
    { key: wholeNamespaceKey(ofGroup), why },
  ];
}

/** With a whole namespace go its accounts, those too that its controllers make there anew. */
function accountTie(namespace: string, name: string, subject: string): Tie[] {
  const why = `It binds ${subject}, which is migrated.`;
  return [
    { key: accountKey(namespace, name), why },
    { key: wholeNamespaceKey(namespace), why },
  ];
}

function definition({ spec }: KubernetesObject): Tie[] {
  const { group = '', names } = (spec ?? {}) as { group?: string; names?: { kind: string } };
  if (!names) return [];
  return [{ key: kindKey(names.kind, group), why: `It defines ${names.kind}, of which objects are migrated.` }];
}

/** A webhook or an API without its backend blocks what it was to answer for. */
function servedBy(services: ServiceReference[]): Companionship {
  const comesWith = services.map(({ namespace, name }) => ({
    key: objectKey('Service', '', namespace, name),
    why: `Service ${namespace}/${name}, which is migrated, answers for it.`,
  }));
  return { comesWith, onlyTogether: services.length > 0 };
}

/** Rule 13: without its claim nobody would use it, and whoever makes a claim of that name would get it. */
function volume({ spec }: KubernetesObject): Companionship {
  const { claimRef } = (spec ?? {}) as { claimRef?: { namespace: string; name: string } };
  if (!claimRef) return { comesWith: [], onlyTogether: false };
  const { namespace, name } = claimRef;
  const why = `PersistentVolumeClaim ${namespace}/${name}, which is migrated, is bound to it.`;
  return { comesWith: [{ key: objectKey('PersistentVolumeClaim', '', namespace, name), why }], onlyTogether: true };
}

/** Rule 25: a token that was asked for by hand. */
function token({ type, metadata }: KubernetesObject): Tie[] {
  const account = metadata.annotations?.['kubernetes.io/service-account.name'];
  if (type !== 'kubernetes.io/service-account-token' || !account) return [];
  const namespace = metadata.namespace ?? '';
  return [{ key: accountKey(namespace, account), why: `It is a token of ServiceAccount ${namespace}/${account}.` }];
}
