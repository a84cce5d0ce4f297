import { FatalError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { Discovery } from '@godwit/kube/discovery';
import { apiVersionOf } from '@godwit/kube/resource-type';
import type { ApplyTier } from '@godwit/transforms/apply-tiers';
import { eachInFlight } from '../in-flight.ts';
import { type ApplyContext, type ApplyResult, applyObject } from './apply-object.ts';
import { waitForBackends } from './backends.ts';
import { discoverDefined, waitForDefinition } from './definitions.ts';
import { type MovedClaims, movedVolumeOf } from './moved-claims.ts';
import type { Outcomes } from './outcomes.ts';
import type { ObjectSource, PlannedObject } from './plan-objects.ts';
import { rebindVolume } from './rebind-volume.ts';
import { isRefusal, withRetries } from './retries.ts';
import { explainUnserved, servedType } from './served-type.ts';
import { nameSome } from './story.ts';

/** Objects in flight to one API server: enough to keep it busy, and half of the client's connections. */
const IN_FLIGHT = 16;

/** An object of the source that is on the destination now. Only what tells it from others is kept: a run may have very many. */
export interface LandedObject {
  source: ObjectSource;
  live: KubernetesObject;
  /** Made or changed by this run. */
  made: boolean;
}

/** Applies one tier after the other and keeps what has landed. */
export class TierApplier {
  readonly landed: LandedObject[] = [];
  /** What people should see to. */
  readonly warnings: { object: string; reason: string }[] = [];
  private readonly withoutData: string[] = [];
  private definitions: KubernetesObject[] = [];

  constructor(
    private readonly context: ApplyContext,
    private discovery: Discovery,
    private readonly moved: MovedClaims,
    private readonly outcomes: Outcomes,
  ) {}

  /** What the destination serves, the kinds of the definitions included that came with the tiers so far. */
  get served(): Discovery {
    return this.discovery;
  }

  /** @throws FatalError `VolumesNotInPlace` before a tier that may start pods, if a claim has not taken over its data */
  async apply(tier: ApplyTier, objects: readonly PlannedObject[]): Promise<void> {
    if (objects.length === 0) return;
    if (tier.waitsForVolumes) this.assertVolumesInPlace();
    await eachInFlight(objects, IN_FLIGHT, (planned) => this.applyOne(planned));
    await this.outcomes.flush();
    if (this.definitions.length === 0) return;
    this.discovery = await discoverDefined(this.context.client, this.definitions, this.context.signal);
    this.definitions = [];
  }

  private async applyOne(planned: PlannedObject): Promise<void> {
    const result = await this.tryOne(planned);
    const { manifest, source } = planned;
    const { outcome, live, reason } = result;
    await this.outcomes.add({ ...manifest, apiVersion: live?.apiVersion ?? manifest.apiVersion }, result);
    if (live && outcome !== 'Failed') {
      this.landed.push({ source, live: bare(live), made: outcome === 'Created' || outcome === 'Updated' });
      if (live.kind === 'CustomResourceDefinition') this.definitions.push(live);
    }
    if (result.warning && reason) this.warnings.push({ object: describeObject(manifest), reason });
    if (outcome === 'Failed' && movedVolumeOf(planned, this.moved)) {
      this.withoutData.push(`${describeObject(manifest)} (${reason})`);
    }
  }

  /** One object that is refused does not hold up the others; a server that fails does. */
  private async tryOne(planned: PlannedObject): Promise<ApplyResult> {
    const { client, signal } = this.context;
    const { manifest } = planned;
    const type = servedType(this.discovery, manifest);
    if (!type) return { outcome: 'Failed', reason: explainUnserved(manifest) };
    const inVersion = { ...manifest, apiVersion: apiVersionOf(type) };
    const moved = movedVolumeOf(planned, this.moved);
    try {
      const blocked = await waitForBackends(this.context, inVersion);
      if (blocked) return { outcome: 'Failed', reason: blocked };
      const result = await withRetries(signal, () =>
        moved ? rebindVolume(this.context, inVersion, moved) : applyObject(this.context, type, inVersion),
      );
      if (manifest.kind !== 'CustomResourceDefinition') return result;
      const unserved = await waitForDefinition(client, manifest.metadata.name, signal);
      return unserved ? { outcome: 'Failed', reason: `the API server does not serve it: ${unserved}` } : result;
    } catch (error) {
      if (signal.aborted || !isRefusal(error)) throw error;
      return { outcome: 'Failed', reason: error.message };
    }
  }

  /** Rule 22: a workload without its data might start over with an empty volume, which is worse than none. */
  private assertVolumesInPlace(): void {
    if (this.withoutData.length === 0) return;
    throw new FatalError(
      'VolumesNotInPlace',
      `cluster "${this.context.client.clusterName}": no workload is started, as claims have not taken over their data: ` +
        nameSome(this.withoutData),
      {
        subject: { cluster: this.context.client.clusterName },
        cure: 'Take away what refuses the claims (a quota, a policy, a missing permission) and run again.',
      },
    );
  }
}

function bare({ apiVersion, kind, metadata: { name, namespace, uid } }: KubernetesObject): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace, uid } };
}
