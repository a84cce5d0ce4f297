import { FatalError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { RunObject } from '@godwit/db/run-object-store';
import { MOST_IN_FLIGHT } from '@godwit/kube/adaptive-limit';
import type { Discovery } from '@godwit/kube/discovery';
import { apiVersionOf } from '@godwit/kube/resource-type';
import { APPLY_TIERS, type ApplyTier, applyTier } from '@godwit/transforms/apply-tiers';
import type { TransformContext } from '@godwit/transforms/transform';
import { eachInFlight } from '../in-flight.ts';
import type { ApplyContext, ApplyResult } from './apply-object.ts';
import { applyPlanned } from './apply-planned.ts';
import { discoverDefined } from './definitions.ts';
import { firstFound } from './first-found.ts';
import type { LandedOwners } from './landed-owners.ts';
import { type MovedClaims, movedVolumeOf } from './moved-claims.ts';
import type { Outcomes } from './outcomes.ts';
import { type PlannedObject, planObject } from './plan-object.ts';
import { explainUnserved, servedType } from './served-type.ts';
import { nameSome, type Story } from './story.ts';

/** Objects of one tier that wait for an owner in the same tier. More than that go without it, and get it when all are there. */
const MOST_WAITING = 1_000;

/** An object that the run made and that does not refer to all its owners yet. */
export interface OwedObject {
  live: KubernetesObject;
  /** As on the source. */
  ownerReferences: OwnerReference[];
}

export interface TierApplierOptions {
  context: ApplyContext;
  transforms: TransformContext;
  discovery: Discovery;
  moved: MovedClaims;
  owners: LandedOwners;
  outcomes: Outcomes;
  story: Story;
}

/** Applies one tier after the other. Of an object that has landed it keeps nothing, unless that owns or is owned. */
export class TierApplier {
  /** Those whose owners were not there when they were made. */
  readonly owed: OwedObject[] = [];
  /** Objects that the transforms leave out. */
  leftOut = 0;
  private readonly withoutData: string[] = [];
  private definitions: KubernetesObject[] = [];
  private discovery: Discovery;

  constructor(private readonly options: TierApplierOptions) {
    this.discovery = options.discovery;
  }

  /** What the destination serves, the kinds of the definitions included that came with the tiers so far. */
  get served(): Discovery {
    return this.discovery;
  }

  /**
   * @param index of the tier
   * @param objects read as the API server takes them
   * @throws FatalError `VolumesNotInPlace` before a tier that may start pods, if a claim has not taken over its data
   */
  async apply(index: number, objects: AsyncIterable<CapturedObject>): Promise<void> {
    const waiting: PlannedObject[] = [];
    await eachInFlight(this.plan(APPLY_TIERS[index]!, objects), MOST_IN_FLIGHT, async (planned) => {
      if (waiting.length < MOST_WAITING && this.waitsForOwner(planned, index)) waiting.push(planned);
      else await this.applyOne(planned);
    });
    await this.applyOwned(waiting, index);
    if (this.definitions.length === 0) return;
    this.discovery = await discoverDefined(this.options.context.client, this.definitions, this.options.context.signal);
    this.definitions = [];
  }

  private async *plan(tier: ApplyTier, objects: AsyncIterable<CapturedObject>): AsyncGenerator<PlannedObject> {
    for await (const captured of objects) {
      if (tier.waitsForVolumes) this.assertVolumesInPlace();
      yield planObject(captured, this.options.transforms);
    }
  }

  /** Owners first: from the top of each tree of owners down, and at last those whose owner has failed. */
  private async applyOwned(waiting: PlannedObject[], index: number): Promise<void> {
    while (waiting.length > 0) {
      const { true: still = [], false: ready = [] } = Object.groupBy(waiting, (one) => String(this.waitsForOwner(one, index)));
      await eachInFlight(ready.length > 0 ? ready : still, MOST_IN_FLIGHT, (planned) => this.applyOne(planned));
      waiting = ready.length > 0 ? still : [];
    }
  }

  private waitsForOwner({ source, verdict }: PlannedObject, index: number): boolean {
    if (verdict) return false;
    return source.ownerReferences.some((owner) => !this.options.owners.has(owner) && applyTier(owner) === index);
  }

  private async applyOne(planned: PlannedObject): Promise<void> {
    const { outcomes, owners, story } = this.options;
    const { source, verdict } = planned;
    const type = servedType(this.discovery, planned.manifest);
    const { references, missing } = owners.remap(source.ownerReferences, planned.manifest.metadata.namespace);
    const manifest = {
      ...planned.manifest,
      ...(type ? { apiVersion: apiVersionOf(type) } : {}),
      ...(references.length > 0 ? { metadata: { ...planned.manifest.metadata, ownerReferences: references } } : {}),
    };
    const key = keyOf(manifest);
    const { includedBecause, findings } = planned;
    const told = { ...key, ...(includedBecause ? { includedBecause } : {}), findings };

    let first: KubernetesObject | undefined;
    const remember = async (live: KubernetesObject) => {
      if (first) return;
      first = live;
      await outcomes.addNow({
        ...told,
        outcome: 'Failed',
        reason: 'the run was cut off while it changed this object',
        previous: live,
      });
    };
    const applied = verdict ?? (await this.tryOne(planned, manifest, remember));
    // Of several attempts the first knows best; it has written that down.
    const result = await firstFound(applied, async () => (await outcomes.previous(key)) ?? first);

    const { outcome, reason, live, changes, previous, warning } = result;
    const uid = live?.metadata.uid;
    await outcomes.add({
      ...told,
      outcome,
      ...(reason ? { reason } : {}),
      ...(uid ? { uid } : {}),
      ...(changes ? { changes } : {}),
      ...(previous ? { previous } : {}),
    });
    if (verdict?.outcome === 'Skipped') this.leftOut += 1;
    else story.add({ ...key, outcome, ...(reason ? { reason } : {}) }, warning);
    if (outcome === 'Failed') this.onFailure(planned, reason);
    else if (live) {
      const isOwed = missing.length > 0 || (live.metadata.ownerReferences?.length ?? 0) < references.length;
      this.onLanded(source.uid, live, outcome, isOwed ? source.ownerReferences : []);
    }
  }

  private async tryOne(
    planned: PlannedObject,
    manifest: KubernetesObject,
    remember: (live: KubernetesObject) => Promise<void>,
  ): Promise<ApplyResult> {
    const type = servedType(this.discovery, manifest);
    if (!type) return { outcome: 'Failed', reason: explainUnserved(manifest) };
    return applyPlanned(this.options.context, type, manifest, movedVolumeOf(planned, this.options.moved), remember);
  }

  private onLanded(
    sourceUid: string | undefined,
    live: KubernetesObject,
    outcome: ApplyResult['outcome'],
    ownerReferences: OwnerReference[],
  ): void {
    this.options.owners.land(sourceUid, live);
    const isMade = outcome === 'Created' || outcome === 'Updated';
    if (isMade && ownerReferences.length > 0) this.owed.push({ live: bare(live), ownerReferences });
    if (live.kind === 'CustomResourceDefinition') this.definitions.push(live);
  }

  private onFailure(planned: PlannedObject, reason: string | undefined): void {
    if (!movedVolumeOf(planned, this.options.moved)) return;
    this.withoutData.push(`${describeObject(planned.manifest)} (${reason})`);
  }

  /** Rule 22: a workload without its data might start over with an empty volume, which is worse than none. */
  private assertVolumesInPlace(): void {
    if (this.withoutData.length === 0) return;
    const cluster = this.options.context.client.clusterName;
    throw new FatalError(
      'VolumesNotInPlace',
      `cluster "${cluster}": no workload is started, as claims have not taken over their data: ${nameSome(this.withoutData)}`,
      {
        subject: { cluster },
        cure: 'Take away what refuses the claims (a quota, a policy, a missing permission) and run again.',
      },
    );
  }
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject): Pick<RunObject, 'apiVersion' | 'kind' | 'namespace' | 'name'> {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function bare({ apiVersion, kind, metadata: { name, namespace, uid } }: KubernetesObject): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace, uid } };
}
