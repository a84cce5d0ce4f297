import type { KubeClient } from '@godwit/kube/kube-client';
import { type ResourceType, resourcePath, SELF_SUBJECT_ACCESS_REVIEW } from '@godwit/kube/resource-type';
import type { RefusedType } from './facts.ts';

/** What we are to do with a kind. */
export interface WantedAccess {
  type: ResourceType;
  verb: string;
}

/** Above so many namespaces a permission that is not given for the whole cluster counts as refused in all of them. */
const MOST_NAMESPACES_ASKED = 200;
const RULES_REVIEW: ResourceType = {
  ...SELF_SUBJECT_ACCESS_REVIEW,
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
};

export interface RulesReview {
  /** The authoriser could not list all that is allowed. */
  incomplete?: boolean;
  resourceRules: { verbs: string[]; apiGroups?: string[]; resources?: string[]; resourceNames?: string[] }[];
}

/**
 * Asks the cluster what of this our credentials may not do. First whether they may do anything, then verb by verb for all
 * kinds, then kind by kind, and only what is left in each namespace: one request tells an administrator, and as many as there
 * are kinds and namespaces tell the least of users.
 *
 * @param namespaces in which namespaced kinds are wanted
 */
export async function findRefused(
  client: KubeClient,
  wanted: readonly WantedAccess[],
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<RefusedType[]> {
  const ask = (verb: string, group: string, resource: string, namespace?: string) =>
    isAllowed(client, { verb, group, resource, namespace }, signal);
  if (wanted.length === 0 || (await mayDoAnything(client, signal))) return [];
  const verbs = [...new Set(wanted.map(({ verb }) => verb))];
  const forAll = await Promise.all(verbs.map((verb) => ask(verb, '*', '*')));
  const open = wanted.filter(({ verb }) => !forAll[verbs.indexOf(verb)]);
  const answers = await Promise.all(open.map(({ verb, type }) => ask(verb, type.group, type.plural)));
  const refused = open.filter((_access, index) => !answers[index]);
  const namespaced = refused.filter(({ type }) => type.namespaced);
  const everywhere = refused.filter(({ type }) => !type.namespaced).map((access) => ({ ...access, namespaces: [] }));
  if (namespaced.length === 0) return everywhere;
  if (namespaces.length > MOST_NAMESPACES_ASKED) {
    return [...everywhere, ...namespaced.map((access) => ({ ...access, namespaces: [...namespaces] }))];
  }
  const perNamespace = await Promise.all(
    namespaces.map(async (namespace) => {
      const review = await reviewRules(client, namespace, signal);
      const doubtful = namespaced.filter((access) => !allows(review, access));
      if (!review.incomplete) return doubtful;
      const sure = await Promise.all(doubtful.map(({ verb, type }) => ask(verb, type.group, type.plural, namespace)));
      return doubtful.filter((_access, index) => !sure[index]);
    }),
  );
  const inNamespaces = namespaced.map((access) => ({
    ...access,
    namespaces: namespaces.filter((_namespace, index) => perNamespace[index]?.includes(access)),
  }));
  return [...everywhere, ...inNamespaces.filter((access) => access.namespaces.length > 0)];
}

/** The answer to all other questions, for an administrator. */
export function mayDoAnything(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  return isAllowed(client, { verb: '*', group: '*', resource: '*' }, signal);
}

/** Whether the rules of a namespace let us do something with all objects of a kind. */
export function allows({ resourceRules }: RulesReview, { type, verb }: WantedAccess): boolean {
  const holds = (of: string[] = [], name: string) => of.includes('*') || of.includes(name);
  return resourceRules.some(
    ({ verbs, apiGroups, resources, resourceNames = [] }) =>
      resourceNames.length === 0 && holds(verbs, verb) && holds(apiGroups, type.group) && holds(resources, type.plural),
  );
}

async function reviewRules(client: KubeClient, namespace: string, signal: AbortSignal): Promise<RulesReview> {
  const review = await client.json<{ status: RulesReview }>(resourcePath(RULES_REVIEW), {
    method: 'POST',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: RULES_REVIEW.kind, spec: { namespace } },
    signal,
    what: 'asking for our permissions',
  });
  return { ...review.status, resourceRules: review.status.resourceRules ?? [] };
}

export interface Question {
  verb: string;
  group: string;
  /** With its subresource: `pods/log`. */
  resource: string;
  /** Undefined: in the whole cluster. */
  namespace?: string;
}

export async function isAllowed(client: KubeClient, question: Question, signal: AbortSignal): Promise<boolean> {
  const { verb, group, namespace } = question;
  const [resource, subresource] = question.resource.split('/');
  const review = await client.json<{ status: { allowed: boolean } }>(resourcePath(SELF_SUBJECT_ACCESS_REVIEW), {
    method: 'POST',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, subresource, namespace } },
    },
    signal,
    what: 'asking for our permissions',
  });
  return review.status.allowed;
}
