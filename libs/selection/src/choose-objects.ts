import { groupOf } from '@godwit/contracts/kubernetes-object';
import { KEPT_BY_SERVICE } from './generated-by-cluster.ts';
import { matchesSelector } from './label-selector.ts';
import { describeFacts, type ObjectFacts } from './object-facts.ts';
import type { SelectionCriteria } from './selection-criteria.ts';
import { isNamespace, type Stays, stays } from './stays.ts';
import { anyAccountKey, kindKey, objectKey, wholeNamespaceKey } from './tie.ts';

export type Fate = { capture: true; includedBecause?: string } | ({ capture: false } & Stays);

/**
 * Decides about all objects of a run at once: what the selection means and what hangs together with it, without what the
 * destination makes anew (rules 2, 11, 20, 25-27, 32).
 *
 * Preflight and capture both decide by this, so that the volumes planned are those of the claims captured.
 * @param all everything that was listed
 * @returns tells the fate of each of them
 */
export function chooseObjects(all: readonly ObjectFacts[], criteria: SelectionCriteria): (facts: ObjectFacts) => Fate {
  const choice = new Choice(all, criteria);
  return (facts) => choice.fateOf(facts);
}

class Choice {
  /** Objects that are selected or come along, and why those do. */
  private readonly chosen = new Map<ObjectFacts, string | undefined>();
  /** Owners' creations that are not chosen themselves, but show what the owner needs. */
  private readonly visited = new Set<ObjectFacts>();
  private readonly byUid = new Map<string, ObjectFacts>();
  private readonly byKey = new Map<string, ObjectFacts[]>();
  private readonly followers = new Map<string, { facts: ObjectFacts; why: string }[]>();
  private readonly owned = new Map<string, ObjectFacts[]>();
  private readonly emitted = new Set<string>();
  private readonly clusterRoles: ObjectFacts[] = [];
  private readonly queue: ObjectFacts[] = [];

  constructor(
    all: readonly ObjectFacts[],
    private readonly criteria: SelectionCriteria,
  ) {
    for (const facts of all) this.index(facts);
    for (const facts of all) if (!facts.notSelected && !facts.onlyTogether) this.choose(facts);
    for (let next = this.queue.pop(); next; next = this.queue.pop()) this.follow(next);
  }

  fateOf(facts: ObjectFacts): Fate {
    const why = this.whyItStays(facts, new Set());
    if (why) return { capture: false, ...why };
    const includedBecause = this.chosen.get(facts);
    return includedBecause ? { capture: true, includedBecause } : { capture: true };
  }

  private index(facts: ObjectFacts): void {
    if (facts.uid) this.byUid.set(facts.uid, facts);
    for (const key of facts.keys) push(this.byKey, key, facts);
    for (const { key, why } of facts.comesWith) push(this.followers, key, { facts, why });
    for (const { uid } of facts.owners) push(this.owned, uid, facts);
    if (facts.aggregation && !facts.stays) this.clusterRoles.push(facts);
  }

  private choose(facts: ObjectFacts, because?: string): void {
    if (facts.stays || this.chosen.has(facts)) return;
    if (because && facts.namespace && !this.criteria.includeDependencies) return;
    this.chosen.set(facts, because);
    this.queue.push(facts);
  }

  /** Brings along what hangs together with an object that is chosen, or that a chosen owner has made. */
  private follow(facts: ObjectFacts): void {
    const why = this.whyItStays(facts, new Set());
    const isMadeAnew = why?.reason === 'ReCreatedByOwner';
    if (why && !isMadeAnew) return;
    // Of what owners make, pods show what is needed now: a ReplicaSet may be an old one, and others name nothing.
    if (!isMadeAnew || isPod(facts)) for (const { key, why: verb } of facts.needs) this.bring(key, facts, verb);
    for (const child of this.owned.get(facts.uid) ?? []) this.followOwned(child, facts, isMadeAnew);
    if (isMadeAnew) return;
    for (const key of facts.keys) this.emit(key);
    this.emit(kindKey(facts.kind, groupOf(facts.apiVersion)));
    if (isAccount(facts)) this.emit(anyAccountKey(facts.namespace));
    if (isNamespace(facts) && !this.criteria.isPartial) this.emit(wholeNamespaceKey(facts.name));
    for (const selector of facts.aggregation?.gathers ?? []) this.gather(selector, facts);
  }

  private followOwned(child: ObjectFacts, owner: ObjectFacts, ownerIsMadeAnew: boolean): void {
    if (child.stays) return;
    if (child.owners.some(({ uid, reCreates }) => uid === owner.uid && reCreates)) {
      if (this.visited.has(child) || this.chosen.has(child)) return;
      this.visited.add(child);
      this.queue.push(child);
    } else if (!ownerIsMadeAnew) {
      this.choose(child, `${describeFacts(owner)} owns it.`);
    }
  }

  private bring(key: string, by: ObjectFacts, verb: string): void {
    for (const target of this.byKey.get(key) ?? []) {
      this.choose(target, `${describeFacts(by)} ${verb}.`);
      // An account that every cluster makes, such as the default one, stays; what gives it its rights does not.
      if (target.stays && isAccount(target)) for (const name of [key, anyAccountKey(target.namespace)]) this.emit(name);
    }
  }

  private emit(key: string): void {
    if (this.emitted.has(key)) return;
    this.emitted.add(key);
    for (const { facts, why } of this.followers.get(key) ?? []) this.choose(facts, why);
  }

  private gather(selector: object, by: ObjectFacts): void {
    for (const role of this.clusterRoles) {
      if (matchesSelector(selector, role.aggregation?.labels)) this.choose(role, `${describeFacts(by)} gathers its rules.`);
    }
  }

  /** `below` holds the objects that it owns, so that owners that own each other come to an end. */
  private whyItStays(facts: ObjectFacts, below: Set<ObjectFacts>): Stays | undefined {
    if (facts.stays) return facts.stays;
    if (isEndpoints(facts) && this.hasPickingService(facts)) return stays('GeneratedByCluster', KEPT_BY_SERVICE);
    const owned = this.whyOwnerKeepsIt(facts, below);
    if (owned) return owned;
    if (this.chosen.has(facts)) return undefined;
    return facts.notSelected ?? stays('NotNeeded', 'What it serves or binds is not migrated.');
  }

  /** Rule 2. An owner that was not listed (a type or namespace that is left out) does not count: the object goes alone. */
  private whyOwnerKeepsIt(facts: ObjectFacts, below: Set<ObjectFacts>): Stays | undefined {
    const reference = facts.owners.find(({ reCreates }) => reCreates);
    const owner = reference && this.byUid.get(reference.uid);
    if (!owner || owner === facts || below.has(owner)) return undefined;
    const why = this.whyItStays(owner, new Set([...below, facts]));
    if (!why || why.reason === 'ReCreatedByOwner') {
      return stays('ReCreatedByOwner', `${describeFacts(owner)} makes it anew on the destination.`);
    }
    // An owner that the selection leaves out leaves its objects to the selection; one that ends takes them along.
    if (owner.notSelected && why === owner.notSelected) return undefined;
    return stays('OwnerStays', `Its owner, ${describeFacts(owner)}, stays: ${why.message}`);
  }

  private hasPickingService({ namespace, name }: ObjectFacts): boolean {
    return (this.byKey.get(objectKey('Service', '', namespace, name)) ?? []).some(({ picksPods }) => picksPods);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

const isPod = ({ apiVersion, kind }: ObjectFacts) => apiVersion === 'v1' && kind === 'Pod';
const isAccount = ({ apiVersion, kind }: ObjectFacts) => apiVersion === 'v1' && kind === 'ServiceAccount';
const isEndpoints = ({ apiVersion, kind }: ObjectFacts) => apiVersion === 'v1' && kind === 'Endpoints';
