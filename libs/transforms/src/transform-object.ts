import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { changeStorageClass } from './change-storage-class.ts';
import { cleanNamespace } from './clean-namespace.ts';
import { dropOwnerReferences } from './drop-owner-references.ts';
import { keepKnownFinalizers } from './keep-known-finalizers.ts';
import { labelRun } from './label-run.ts';
import { leaveOutVolumes } from './leave-out-volumes.ts';
import { modernizeDefinition } from './modernize-definition.ts';
import { modifyResources } from './modify-resources.ts';
import { overrideReplicas } from './override-replicas.ts';
import { releaseClaim } from './release-claim.ts';
import { releaseClusterIp } from './release-cluster-ip.ts';
import { releaseExternalAddresses } from './release-external-addresses.ts';
import { releaseNodePorts } from './release-node-ports.ts';
import { releasePod } from './release-pod.ts';
import { releaseServiceAccount } from './release-service-account.ts';
import { releaseTokenSecret } from './release-token-secret.ts';
import { renameHelmRelease } from './rename-helm-release.ts';
import { renameNamespace } from './rename-namespace.ts';
import { renameNamespaceSelectors } from './rename-namespace-selectors.ts';
import { renameReferences } from './rename-references.ts';
import { renameRoleNames } from './rename-role-names.ts';
import { renameServiceReferences } from './rename-service-references.ts';
import { renameSubjects } from './rename-subjects.ts';
import { reportSealedSecrets } from './report-sealed-secrets.ts';
import { reportSnapshotTemplates } from './report-snapshot-templates.ts';
import { resumeQuiesced } from './resume-quiesced.ts';
import { rewriteImages } from './rewrite-images.ts';
import { rewriteTexts } from './rewrite-texts.ts';
import { stripServerFields } from './strip-server-fields.ts';
import { stripStatus } from './strip-status.ts';
import { suspendJob } from './suspend-job.ts';
import { keep, type Transform, type TransformContext, type TransformOutcome } from './transform.ts';
import { yieldDefaults } from './yield-defaults.ts';

/** All transforms in the order in which they are applied. The names are those of the folders with their golden cases. */
export const TRANSFORMS: readonly { name: string; transform: Transform }[] = [
  // What reads the traces that the source's API server left, before they are stripped.
  { name: 'release-node-ports', transform: releaseNodePorts },
  { name: 'release-external-addresses', transform: releaseExternalAddresses },
  { name: 'leave-out-volumes', transform: leaveOutVolumes },
  { name: 'release-token-secret', transform: releaseTokenSecret },

  { name: 'resume-quiesced', transform: resumeQuiesced },
  { name: 'strip-server-fields', transform: stripServerFields },
  { name: 'strip-status', transform: stripStatus },
  { name: 'drop-owner-references', transform: dropOwnerReferences },
  { name: 'keep-known-finalizers', transform: keepKnownFinalizers },

  // Kind by kind.
  { name: 'modernize-definition', transform: modernizeDefinition },
  { name: 'yield-defaults', transform: yieldDefaults },
  { name: 'clean-namespace', transform: cleanNamespace },
  { name: 'release-cluster-ip', transform: releaseClusterIp },
  { name: 'release-claim', transform: releaseClaim },
  { name: 'report-snapshot-templates', transform: reportSnapshotTemplates },
  { name: 'change-storage-class', transform: changeStorageClass },
  { name: 'release-pod', transform: releasePod },
  { name: 'suspend-job', transform: suspendJob },
  { name: 'release-service-account', transform: releaseServiceAccount },

  // Renamed namespaces; what they leave over is reported after them.
  { name: 'rename-namespace', transform: renameNamespace },
  { name: 'rename-subjects', transform: renameSubjects },
  { name: 'rename-service-references', transform: renameServiceReferences },
  { name: 'rename-namespace-selectors', transform: renameNamespaceSelectors },
  { name: 'rename-references', transform: renameReferences },
  { name: 'rename-role-names', transform: renameRoleNames },
  { name: 'report-sealed-secrets', transform: reportSealedSecrets },
  { name: 'rename-helm-release', transform: renameHelmRelease },
  { name: 'rewrite-texts', transform: rewriteTexts },

  // The users' own rules, on what all others have made; they match the object as it is on the source.
  { name: 'rewrite-images', transform: rewriteImages },
  { name: 'override-replicas', transform: overrideReplicas },
  { name: 'modify-resources', transform: modifyResources },

  // Last: from here on the object counts as transformed.
  { name: 'label-run', transform: labelRun },
];

/**
 * Makes the manifest for the destination from an object as the source's API server gave it, `managedFields` and `status`
 * included (node ports and load balancers are judged by them).
 *
 * Findings name the object as the source knows it.
 *
 * An object that carries this run's label went through here before and is given back as it is: so the whole is idempotent
 * even where the maps of namespaces or classes chain (a -> b, b -> c).
 */
export function transformObject(object: KubernetesObject, context: TransformContext): TransformOutcome {
  if (object.metadata.labels?.[RUN_LABEL] === context.runId) return keep(object);
  const findings: Finding[] = [];
  let current = object;
  for (const { name, transform } of TRANSFORMS) {
    const outcome = attempt(name, () => transform(current, context, object), object);
    findings.push(...outcome.findings.map((finding) => ({ ...finding, object: describeObject(object) })));
    if (!outcome.object) return { object: undefined, findings };
    current = outcome.object;
  }
  return { object: current, findings };
}

/** The API servers check what they hand out, so a transform fails only on an object that does not have its kind's shape. */
function attempt(name: string, transform: () => TransformOutcome, object: KubernetesObject): TransformOutcome {
  try {
    return transform();
  } catch (cause) {
    throw new FatalError(
      'ManifestUnreadable',
      `${describeObject(object)} is not what its kind should look like (transform ${name}).`,
      {
        cause,
        subject: { object: describeObject(object) },
        cure: 'Repair the object on the source, or exclude its type, and run again.',
      },
    );
  }
}
