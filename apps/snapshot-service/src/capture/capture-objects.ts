import type { Finding } from '@godwit/contracts/findings';
import { groupOf } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { ResourceType } from '@godwit/kube/resource-type';
import { chooseObjects, type Fate } from '@godwit/selection/choose-objects';
import { describeFacts, factsOf, type ObjectFacts } from '@godwit/selection/object-facts';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';
import { applyTier } from '@godwit/transforms/apply-tiers';
import { claimsOf } from '../preflight/selected-claims.ts';
import { type Listed, listObjects } from './list-objects.ts';
import type { Spool } from './spool.ts';
import { type ArchiveTarget, writeLists, writeResources } from './write-resources.ts';

export interface CaptureRequest {
  source: KubeClient;
  /** Each kind of the source, in the version in which it is read. */
  types: readonly ResourceType[];
  /** Aggregated APIs whose backend did not answer discovery: `group/version`. */
  stale: readonly string[];
  criteria: SelectionCriteria;
  /** `namespace/name` of the claims of which the volumes are moved. */
  moving: ReadonlySet<string>;
  /** Claims that no pod mounts stay. */
  excludeUnattachedPvcs: boolean;
  target: ArchiveTarget;
  spool: Spool;
  signal: AbortSignal;
}

export interface CaptureResult extends Pick<Listed<unknown>, 'lists' | 'findings'> {
  objects: number;
  kinds: number;
  /** Parts of each tier in the archive. */
  tiers: number[];
  /** Of selected types in selected namespaces. */
  leftBehind: { total: number; byReason: Record<string, number> };
  /** `Kind namespace/name` of what was not selected itself -> why it goes along. */
  included: Record<string, string>;
}

interface Spooled {
  facts: ObjectFacts;
  /** Number of its line in the spool. */
  line: number;
}

/**
 * Lists what the selection may mean, decides, and writes what was chosen. Memory holds a few facts of each object; the objects
 * themselves go through the spool, since only all of them together tell which are chosen.
 */
export async function captureObjects(request: CaptureRequest): Promise<CaptureResult> {
  const { source, types, stale, criteria, target, spool, signal } = request;
  const attached = new Set<string>();
  const { taken, lists, findings } = await listObjects<Spooled>({
    client: source,
    types: types.filter((type) => criteria.looksAtType(type)),
    criteria,
    stale,
    signal,
    take: async (type, objects) => {
      const isSelected = criteria.selectsType(type);
      const facts = objects.map((object) => factsOf(object, isSelected, criteria));
      if (isPod(type)) for (const claim of objects.flatMap(claimsOf)) attached.add(claim);
      const first = await spool.append(objects.map((object) => JSON.stringify(object)));
      return facts.map((one, index) => ({ facts: one, line: first + index }));
    },
  });
  const decided = decide(taken, request);
  const late = decided.unplanned.filter((claim) => !request.excludeUnattachedPvcs || attached.has(claim));
  const tiers = await writeResources(target, chosenLines(spool, decided.chosen), signal);
  await writeLists(target, lists, signal);
  return {
    objects: decided.chosen.size,
    kinds: decided.kinds,
    tiers,
    lists,
    findings: [...findings, ...late.map((claim) => unplanned(claim, source.clusterName))],
    leftBehind: decided.leftBehind,
    included: decided.included,
  };
}

type Decided = Pick<CaptureResult, 'kinds' | 'leftBehind' | 'included'> & {
  chosen: Map<number, { tier: number; includedBecause?: string }>;
  /** `namespace/name` of claims that are chosen, but of which no volume was planned. */
  unplanned: string[];
};

function decide(spooled: readonly Spooled[], { criteria, moving }: CaptureRequest): Decided {
  const fateOf = chooseObjects(
    spooled.map(({ facts }) => facts),
    criteria,
  );
  const decided: Decided = { chosen: new Map(), unplanned: [], kinds: 0, leftBehind: { total: 0, byReason: {} }, included: {} };
  const kinds = new Set<string>();
  for (const { facts, line } of spooled) {
    const fate = fateOf(facts);
    if (!fate.capture) countLeft(decided.leftBehind, facts, fate);
    if (!fate.capture) continue;
    const claim = `${facts.namespace}/${facts.name}`;
    if (isClaim(facts) && !moving.has(claim)) {
      decided.unplanned.push(claim);
      continue;
    }
    const { includedBecause } = fate;
    decided.chosen.set(line, { tier: applyTier(facts), ...(includedBecause ? { includedBecause } : {}) });
    if (includedBecause) decided.included[describeFacts(facts)] = includedBecause;
    kinds.add(`${facts.kind}.${groupOf(facts.apiVersion)}`);
  }
  return { ...decided, kinds: kinds.size };
}

/** What was only looked at in case that something needs it was never to go, so it is not left behind. */
function countLeft(left: CaptureResult['leftBehind'], facts: ObjectFacts, { reason }: Exclude<Fate, { capture: true }>): void {
  if (!facts.namespace || reason === 'TypeNotSelected') return;
  left.total++;
  left.byReason[reason] = (left.byReason[reason] ?? 0) + 1;
}

/** Claims that were made after preflight (a StatefulSet was scaled up): its plan of the volumes is what the run goes by. */
function unplanned(claim: string, cluster: string): Finding {
  return {
    severity: 'warning',
    reason: 'VolumeNotPlanned',
    cluster,
    object: `PersistentVolumeClaim ${claim}`,
    message: 'it was made after preflight had planned the volumes, so that neither it nor its data are moved',
    cure: 'Run the migration again to take it along.',
  };
}

async function* chosenLines(spool: Spool, chosen: Decided['chosen']) {
  for await (const { line, text } of spool.read((number) => chosen.has(number))) {
    const { tier, includedBecause } = chosen.get(line)!;
    const because = includedBecause ? `,"includedBecause":${JSON.stringify(includedBecause)}` : '';
    yield { tier, line: `{"object":${text}${because}}` };
  }
}

function isPod({ group, kind }: ResourceType): boolean {
  return group === '' && kind === 'Pod';
}

function isClaim({ kind, apiVersion }: ObjectFacts): boolean {
  return kind === 'PersistentVolumeClaim' && apiVersion === 'v1';
}
