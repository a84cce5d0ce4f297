import type { ClusterProvider } from '@godwit/cloud/cluster-provider';
import { ClusterProviders } from '@godwit/cloud/cluster-providers';
import { FatalError } from '@godwit/contracts/errors';
import { CloudAccountStore } from '@godwit/db/cloud-account-store';
import { Injectable } from '@nestjs/common';

/** Opens the cloud accounts that rows refer to. */
@Injectable()
export class CloudAccess {
  constructor(
    private readonly accounts: CloudAccountStore,
    private readonly providers: ClusterProviders,
  ) {}

  /** @throws FatalError if the account is not there any more, or no clusters can be created in it */
  async open(cloudAccountId: string): Promise<ClusterProvider> {
    const account = await this.accounts.open(cloudAccountId);
    if (account) return this.providers.open(account);
    throw new FatalError('CloudAccountMissing', 'the cloud account is not there any more', {
      cure: 'Register it again and edit the migration.',
    });
  }
}
