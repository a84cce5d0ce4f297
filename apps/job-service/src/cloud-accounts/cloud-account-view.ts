import type { CloudAccountView } from '@godwit/contracts/api';
import type { CloudAccount } from '@godwit/db/cloud-account-store';

export function toCloudAccountView({ createdAt, updatedAt, ...account }: CloudAccount): CloudAccountView {
  return { ...account, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
