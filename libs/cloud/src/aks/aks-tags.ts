import { MANAGED_BY } from '@godwit/contracts/labels';

/** Names of tags of Azure have no slashes. */
export const RUN_TAG = 'godwit-run';
const MANAGED_BY_TAG = 'managed-by';

export const tagsOf = (runId: string) => ({ [MANAGED_BY_TAG]: MANAGED_BY, [RUN_TAG]: runId });
