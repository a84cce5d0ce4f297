import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeRequestError } from '@godwit/kube/kube-error';

/** What a refused dry run says of the run that it stands for. */
export interface DryRunRefusal {
  /** The run would be refused as well; else it could only not be tried. */
  isFinal: boolean;
  reason: string;
  /** About more than this object; told once. */
  finding?: Finding;
}

const NOT_PERMITTED = /cannot (\w+) resource "([^"]*)" in API group "([^"]*)"/;
const NO_DRY_RUN = /does not support dry run/;
/** What an object refers to may come along with it, and is not there only because nothing is created. */
const NOT_THERE_YET = /not found|no \w+ with name .* was found/;

/** Why the API server refused to try a write. */
export function explainDryRun({ status, message }: KubeRequestError, object: KubernetesObject, cluster: string): DryRunRefusal {
  const missing = status === 403 ? NOT_PERMITTED.exec(message) : null;
  if (missing) {
    const [, verb, resource, group] = missing;
    const what = group ? `${resource}.${group}` : resource;
    const where = object.metadata.namespace ? ` in namespace ${object.metadata.namespace}` : '';
    return {
      isFinal: true,
      reason: message,
      finding: {
        severity: 'error',
        reason: 'DryRunForbidden',
        cluster,
        message: `the user of the kubeconfig may not ${verb} ${what}${where}, so neither a dry run nor the run itself can`,
        cure: 'Give the user this permission, or register the cluster with one that has it.',
      },
    };
  }
  if (NO_DRY_RUN.test(message)) {
    return {
      isFinal: false,
      reason: 'not tried: an admission webhook on the destination does not support dry runs',
      finding: {
        severity: 'note',
        reason: 'NoDryRun',
        cluster,
        message: `what a webhook has to say is known only in the run: ${message}`,
      },
    };
  }
  if (NOT_THERE_YET.test(message)) {
    return { isFinal: false, reason: `not tried to the end, as something that it needs is not there yet: ${message}` };
  }
  return { isFinal: true, reason: message };
}
