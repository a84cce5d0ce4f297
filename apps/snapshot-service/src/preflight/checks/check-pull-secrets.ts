import type { Finding } from '@godwit/contracts/findings';
import type { Facts, Workload } from '../facts/facts.ts';
import { type Check, targetOf } from './check.ts';

/** Pull secrets that pods, or their accounts, name and that do not come along. */
export const checkPullSecrets: Check = (facts) => {
  const { pullSecrets } = facts.source;
  if (!pullSecrets) return [];
  return facts.source.workloads.flatMap((workload) => {
    const missing = namesOf(facts, workload).filter((name) => !pullSecrets.has(`${workload.namespace}/${name}`));
    return [...new Set(missing)].map(
      (name): Finding => ({
        severity: 'warning',
        reason: 'PullSecretMissing',
        cluster: facts.destination.name,
        object: workload.object,
        message: `Secret ${workload.namespace}/${name}, with which its images are pulled, does not come along`,
        cure: `Select Secrets, or create ${name} in namespace ${targetOf(facts, workload.namespace)}.`,
      }),
    );
  });
};

function namesOf({ source }: Facts, { namespace, spec }: Workload): string[] {
  const own = (spec.imagePullSecrets ?? []).flatMap(({ name }) => name || []);
  return own.length > 0 ? own : (source.accountPullSecrets.get(`${namespace}/${spec.serviceAccountName || 'default'}`) ?? []);
}
