import type { Finding } from '@godwit/contracts/findings';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import { allTiers, type Captured } from '../archive/captured-resources.ts';
import { giveOwners } from './give-owners.ts';
import { LandedOwners, observeOwners } from './landed-owners.ts';
import { TierApplier, type TierApplierOptions } from './tier-applier.ts';

export interface ApplyCapturedOptions extends Omit<TierApplierOptions, 'owners'> {
  tell: (findings: readonly Finding[]) => Promise<void>;
}

/**
 * Lays captured objects down on the destination, tier by tier, as they are read: memory does not grow with their number.
 * @returns how many the transforms left out
 */
export async function applyCaptured(captured: Captured, options: ApplyCapturedOptions): Promise<{ leftOut: number }> {
  const { context, outcomes, tell } = options;
  const owners = new LandedOwners(await observeOwners(allTiers(captured)));
  const applier = new TierApplier({ ...options, owners });
  try {
    for (const index of APPLY_TIERS.keys()) await applier.apply(index, captured.tier(index));
  } finally {
    await outcomes.flush();
  }
  await giveOwners(context, applier.served, owners, applier.owed, tell);
  return { leftOut: applier.leftOut };
}
