import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { podSpecOf } from '@godwit/selection/pod-spec';
import { isKind } from './kinds.ts';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

interface ClaimTemplate {
  spec?: { dataSource?: DataSource; dataSourceRef?: DataSource };
}

interface DataSource {
  kind: string;
  name: string;
}

/** Tells of claim templates that start from a snapshot, which stays on the source (rule 12 takes it off the claims themselves). */
export function reportSnapshotTemplates(object: KubernetesObject): TransformOutcome {
  const spec = isKind(object, 'StatefulSet', 'apps') ? (object.spec as { volumeClaimTemplates?: ClaimTemplate[] }) : undefined;
  const volumes = (podSpecOf(object)?.volumes ?? []) as { ephemeral?: { volumeClaimTemplate?: ClaimTemplate } }[];
  const templates = [...(spec?.volumeClaimTemplates ?? []), ...volumes.map(({ ephemeral }) => ephemeral?.volumeClaimTemplate)];
  const snapshots = new Set(templates.flatMap((template) => snapshotOf(template) ?? []));
  return keep(
    object,
    [...snapshots].map((name) =>
      findingOn(
        object,
        'warning',
        'ClaimTemplateFromSnapshot',
        `It makes claims from VolumeSnapshot ${name}, which stays on the source: further claims would wait for it forever.`,
        'Make a snapshot of that name on the destination, or take dataSource off the template with a resource modifier.',
      ),
    ),
  );
}

function snapshotOf(template: ClaimTemplate | undefined): string | undefined {
  const source = template?.spec?.dataSourceRef ?? template?.spec?.dataSource;
  return source?.kind === 'VolumeSnapshot' ? source.name : undefined;
}
