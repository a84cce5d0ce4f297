import type { CloudAccountView } from '@godwit/contracts/api';
import { Alert, Button, Label, Skeleton } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../access/caller.ts';
import { cloudAccountStatusQuery, cloudAccountsQuery, deleteCloudAccount } from '../api/cloud-accounts.ts';
import { clustersQuery } from '../api/clusters.ts';
import { AppPage } from '../app/app-page.tsx';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { Problem } from '../app/problem.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { CloudAccountForm } from './cloud-account-form.tsx';

type Open = { what: 'new' } | { what: 'change' | 'delete'; account: CloudAccountView };

/** Accounts of cloud providers in which clusters can be created. */
export function CloudAccountsPage() {
  const accounts = useQuery(cloudAccountsQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const close = () => setOpen(undefined);
  const register = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Register an account</Button>;
  const actionsOf = (account: CloudAccountView): IAction[] => [
    { title: 'Change', onClick: () => setOpen({ what: 'change', account }) },
    { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', account }) },
  ];
  return (
    <AppPage title="Cloud accounts" actions={accounts.data?.length ? register : undefined}>
      <ManagedList
        what="the cloud accounts"
        label="Cloud accounts"
        query={accounts}
        columns={COLUMNS}
        {...(mayChange ? { actionsOf } : {})}
        empty={
          <NothingYet title="No cloud account yet" action={register}>
            With an account of AWS, Azure or Google Cloud, a migration can create the cluster that it goes to.
            {!mayChange && ' An administrator can register one.'}
          </NothingYet>
        }
      />
      {open?.what === 'new' && <CloudAccountForm onClose={close} />}
      {open?.what === 'change' && <CloudAccountForm account={open.account} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="cloud account"
          name={open.account.name}
          onClose={close}
          remove={async () => {
            await deleteCloudAccount(open.account);
            await queries.invalidateQueries({ queryKey: cloudAccountsQuery.queryKey });
          }}
        >
          Godwit forgets the account and its credentials. Clusters that were created with it stay.
        </ConfirmDelete>
      )}
    </AppPage>
  );
}

const COLUMNS: Column<CloudAccountView>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Provider', cell: ({ provider }) => provider },
  { title: 'State', cell: ({ id }) => <AccountState id={id} /> },
  { title: 'Acts as', cell: ({ identity }) => identity },
  { title: 'Clusters', cell: ({ id }) => <CreatedClusters accountId={id} /> },
];

/** The clusters that were created in an account and are registered still. */
function CreatedClusters({ accountId }: { accountId: string }) {
  const { data: clusters = [] } = useQuery(clustersQuery);
  const own = clusters.filter(({ cloudAccountId }) => cloudAccountId === accountId);
  if (own.length === 0) return <span className="godwit-subtle">none</span>;
  return own.map(({ id, name, region }) => (
    <div key={id}>
      <Link to={`/clusters/${id}`}>{name}</Link> <span className="godwit-subtle">{region}</span>
    </div>
  ));
}

function AccountState({ id }: { id: string }) {
  const { data: status, error } = useQuery(cloudAccountStatusQuery(id));
  if (!status) return error ? <Label>Unknown</Label> : <Skeleton width="6rem" screenreaderText="Asking the provider" />;
  const { state, problem, missingPermissions = [] } = status;
  return (
    <>
      <Label {...(state === 'Unknown' ? {} : { status: state === 'Ready' ? ('success' as const) : ('danger' as const) })}>
        {state}
      </Label>
      {problem && <Problem finding={problem} />}
      {missingPermissions.length > 0 && (
        <Alert isInline variant="warning" title="It may not do all that is needed">
          Missing: {missingPermissions.join(', ')}.
        </Alert>
      )}
    </>
  );
}
