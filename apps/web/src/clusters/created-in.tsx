import type { ClusterView } from '@godwit/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { cloudAccountsQuery } from '../api/cloud-accounts.ts';

/** Of a cluster that a migration has created: of which type, where, and in whose account. */
export function CreatedIn({ cluster: { provider, region, cloudAccountId } }: { cluster: ClusterView }) {
  const { data: accounts } = useQuery({ ...cloudAccountsQuery, enabled: cloudAccountId !== undefined });
  if (!provider) return '—';
  const account = accounts?.find(({ id }) => id === cloudAccountId);
  return (
    <>
      {[provider, region].filter(Boolean).join(', ')}
      {account && (
        <>
          , <Link to="/cloud-accounts">{account.name}</Link>
        </>
      )}
    </>
  );
}
