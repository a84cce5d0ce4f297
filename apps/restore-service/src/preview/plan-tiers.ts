import type { Finding } from '@godwit/contracts/findings';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import { MOST_IN_FLIGHT } from '@godwit/kube/adaptive-limit';
import type { Discovery } from '@godwit/kube/discovery';
import { apiVersionOf } from '@godwit/kube/resource-type';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import type { TransformContext } from '@godwit/transforms/transform';
import type { Outcomes } from '../apply/outcomes.ts';
import { planObject } from '../apply/plan-object.ts';
import { explainUnserved, servedType } from '../apply/served-type.ts';
import type { Story } from '../apply/story.ts';
import type { Captured } from '../archive/captured-resources.ts';
import { eachInFlight } from '../in-flight.ts';
import { type ForeseeContext, type Foreseen, foreseeObject } from './foresee-object.ts';

interface Definition extends KubernetesObject {
  spec: { group: string; names: { kind: string } };
}

/** Foresees the objects of one tier after the other; keeps none of them. */
export class PlanTiers {
  /** `Kind.group` of what definitions that go along bring. */
  private readonly coming = new Set<string>();
  private readonly found = new Map<string, Finding>();

  constructor(
    private readonly context: ForeseeContext,
    private readonly discovery: Discovery,
    private readonly transforms: TransformContext,
    private readonly outcomes: Outcomes,
    private readonly story: Story,
  ) {}

  /** What is to be said of more than one object, each once. */
  get findings(): Finding[] {
    return [...this.found.values()];
  }

  async all(captured: Captured): Promise<void> {
    for (const index of APPLY_TIERS.keys()) {
      await eachInFlight(captured.tier(index), MOST_IN_FLIGHT, (object) => this.one(object));
    }
  }

  private async one(captured: CapturedObject): Promise<void> {
    const { manifest, includedBecause, findings, verdict } = planObject(captured, this.transforms);
    const foreseen: Foreseen = verdict ?? (await this.foresee(manifest));
    const { outcome, reason, changes, finding } = foreseen;
    if (finding) this.found.set(JSON.stringify(finding), finding);
    if (outcome === 'Created' && manifest.kind === 'CustomResourceDefinition') this.expectKind(manifest as Definition);
    const type = servedType(this.discovery, manifest);
    const { apiVersion, kind, metadata } = type ? { ...manifest, apiVersion: apiVersionOf(type) } : manifest;
    const row = {
      apiVersion,
      kind,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      outcome,
      ...(reason ? { reason } : {}),
    };
    await this.outcomes.add({
      ...row,
      findings,
      ...(includedBecause ? { includedBecause } : {}),
      ...(changes ? { changes } : {}),
    });
    if (verdict?.outcome !== 'Skipped') this.story.add(row, outcome === 'Warned');
  }

  private async foresee(manifest: KubernetesObject): Promise<Foreseen> {
    const type = servedType(this.discovery, manifest);
    if (type) return foreseeObject(this.context, type, { ...manifest, apiVersion: apiVersionOf(type) });
    if (!this.coming.has(`${manifest.kind}.${groupOf(manifest.apiVersion)}`)) {
      return { outcome: 'Failed', reason: explainUnserved(manifest) };
    }
    return { outcome: 'Created', reason: 'not tried: its CustomResourceDefinition comes along and is not there yet' };
  }

  private expectKind({ spec }: Definition): void {
    this.coming.add(`${spec.names.kind}.${spec.group}`);
  }
}
