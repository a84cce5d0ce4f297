import { GodwitError } from '@godwit/contracts/errors';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata } from '@godwit/kube/list-metadata';
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD, type ResourceType, SECRET } from '@godwit/kube/resource-type';
import { chooseObjects } from '@godwit/selection/choose-objects';
import { factsOf, type ObjectFacts } from '@godwit/selection/object-facts';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';
import type { TransformContext } from '@godwit/transforms/transform';
import { transformObject } from '@godwit/transforms/transform-object';
import { claimsOf, observeWhatMayNeedClaims, selectClaims } from '../selected-claims.ts';
import { asServed } from './definitions.ts';
import type { ClusterFacts, NamespaceFacts, SourceFacts } from './facts.ts';
import { listReduced } from './list-reduced.ts';
import { reduceIngress, reduceLimitRange, reducePod, reduceQuota, reduceService, reduceWorkload } from './reduce.ts';
import { INGRESS, LIMIT_RANGE, RESOURCE_QUOTA, SERVICE, SERVICE_ACCOUNT, WORKLOAD_TYPES } from './types.ts';
import { volumesOf, withoutTraces } from './volumes-of.ts';

export interface SourceRequest {
  client: KubeClient;
  cluster: ClusterFacts & { allNamespaces: ReadonlyMap<string, NamespaceFacts> };
  definition: MigrationDefinition;
  criteria: SelectionCriteria;
  transforms: TransformContext;
  signal: AbortSignal;
}

/** An object as the selection sees it, and what checks see of it. */
interface Candidate<T> {
  choice: ObjectFacts;
  facts?: T;
}

/** @param landing the object as it would land */
type Reduce<T> = (object: KubernetesObject, landing: KubernetesObject) => T | undefined;

type Collected = Omit<SourceFacts, 'present' | 'unlistable'>;

/** What is selected on the source, as it would land: transformed and then reduced to what the checks look at. */
export async function collectSource(request: SourceRequest): Promise<Collected> {
  const { client, cluster, definition, criteria, transforms, signal } = request;
  const namespaces = [...criteria.namespaces];
  const list = async <T>(type: ResourceType, reduce: (object: KubernetesObject) => T | undefined) =>
    (await listReduced(client, type, namespaces, reduce, signal)) ?? [];
  const candidate = <T>(type: ResourceType, object: KubernetesObject, reduce: Reduce<T>): Candidate<T> => {
    const choice = factsOf(object, criteria.selectsType(asServed(cluster, type)), criteria);
    const landing = choice.stays ? undefined : landingOf(object, transforms);
    return { choice, facts: landing && reduce(object, landing) };
  };
  const candidates = <T>(type: ResourceType, reduce: Reduce<T>) => list(type, (object) => candidate(type, object, reduce));
  const pods: KubernetesObject[] = [];
  // Of pods that a listed workload makes its template tells all; only which claims they mount is asked of them.
  const takePod = (pod: KubernetesObject) => {
    pods.push(reducePod(pod));
    return isMadeByWorkload(pod) ? undefined : candidate(POD, pod, reduceWorkload);
  };
  const [workloads, barePods, services, ingresses, claims, volumes, quotas, limitRanges, accounts, pullSecrets, everything] =
    await Promise.all([
      Promise.all(WORKLOAD_TYPES.map((type) => candidates(type, reduceWorkload))).then((lists) => lists.flat()),
      list(POD, takePod),
      candidates(SERVICE, reduceService),
      candidates(INGRESS, reduceIngress),
      list(PERSISTENT_VOLUME_CLAIM, withoutTraces),
      listReduced(client, PERSISTENT_VOLUME, undefined, withoutTraces, signal),
      candidates(RESOURCE_QUOTA, reduceQuota),
      candidates(LIMIT_RANGE, reduceLimitRange),
      list(SERVICE_ACCOUNT, pullSecretsOf),
      listPullSecrets(request),
      observeWhatMayNeedClaims(client, definition, namespaces, signal).catch(unlessForbidden),
    ]);
  const all = [...workloads, ...barePods, ...services, ...ingresses, ...quotas, ...limitRanges].map(({ choice }) => choice);
  const captured = new Set<string>();
  const fateOf = chooseObjects(everything ?? all, criteria);
  for (const facts of everything ?? all) if (fateOf(facts).capture) captured.add(keyOf(facts));
  const chosen = <T>(from: Candidate<T>[]) =>
    from.flatMap(({ choice, facts }) => (facts && captured.has(keyOf(choice)) ? [facts] : []));
  const selectedClaims = selectClaims(definition, claims, pods, everything);
  const boundVolumes = await volumesOf(client, selectedClaims, volumes ?? [], signal);
  return {
    ...cluster,
    namespaces: new Map([...cluster.allNamespaces].filter(([name]) => criteria.namespaces.has(name))),
    workloads: chosen([...workloads, ...barePods]),
    services: chosen(services),
    ingresses: chosen(ingresses),
    claims: selectedClaims,
    claimUsers: new Map(pods.filter(hasNotEnded).flatMap((pod) => claimsOf(pod).map((claim) => [claim, nameOf(pod)] as const))),
    volumes: new Map(boundVolumes.map((volume) => [volume.metadata.name, volume])),
    quotas: chosen(quotas),
    limitRanges: chosen(limitRanges),
    accountPullSecrets: new Map(accounts),
    pullSecrets,
  };
}

function hasNotEnded({ status }: KubernetesObject): boolean {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase !== 'Succeeded' && phase !== 'Failed';
}

function nameOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** That what was asked for may not be listed is told with all else that is wrong. */
function unlessForbidden(error: unknown): undefined {
  if (error instanceof GodwitError && error.reason === 'ListForbidden') return undefined;
  throw error;
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectFacts): string {
  return `${kind}.${groupOf(apiVersion)} ${namespace}/${name}`;
}

/** An object that is not of its kind's shape is told of when it is captured and planned; here it only is not looked at. */
function landingOf(object: KubernetesObject, transforms: TransformContext): KubernetesObject | undefined {
  try {
    return transformObject(object, transforms).object;
  } catch {
    return undefined;
  }
}

/** What other controllers make (an operator's pods) counts by itself: there is no template to look at. */
function isMadeByWorkload({ metadata }: KubernetesObject): boolean {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  return controller !== undefined && WORKLOAD_TYPES.some(({ kind }) => kind === controller.kind);
}

function pullSecretsOf(account: KubernetesObject): [string, string[]] | undefined {
  const names = ((account.imagePullSecrets ?? []) as { name?: string }[]).flatMap(({ name }) => name || []);
  return names.length > 0 ? [`${account.metadata.namespace}/${account.metadata.name}`, names] : undefined;
}

/** @returns `namespace/name` of those that would come along; undefined if they may not be listed */
async function listPullSecrets({ client, cluster, criteria, signal }: SourceRequest): Promise<Set<string> | undefined> {
  if (!criteria.looksAtType(asServed(cluster, SECRET))) return new Set();
  const names = new Set<string>();
  const types = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];
  try {
    await Promise.all(
      types.map(async (type) => {
        for await (const { metadata } of listMetadata(client, SECRET, { fieldSelector: `type=${type}`, signal })) {
          if (criteria.namespaces.has(metadata.namespace ?? '')) names.add(`${metadata.namespace}/${metadata.name}`);
        }
      }),
    );
    return names;
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 403) return undefined;
    throw error;
  }
}
