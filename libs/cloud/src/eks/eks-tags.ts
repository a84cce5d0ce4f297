import { MANAGED_BY, MANAGED_BY_LABEL, RUN_LABEL } from '@godwit/contracts/labels';

export const tagsOf = (runId: string) => ({ [MANAGED_BY_LABEL]: MANAGED_BY, [RUN_LABEL]: runId });

/** A name that is the run's alone: the role is found again without being looked for. */
export const volumeRoleName = (runId: string) => `godwit-ebs-${runId}`;
