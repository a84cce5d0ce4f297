import type { CloudAccountView } from '@godwit/contracts/api';
import { Alert, Button, Label, Skeleton } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { cloudAccountStatusQuery, cloudAccountsQuery, deleteCloudAccount } from '../api/cloud-accounts.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { Problem } from '../app/problem.tsx';
import { RowActions } from '../app/row-actions.tsx';
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
  return (
    <AppPage title="Cloud accounts" actions={accounts.data?.length ? register : undefined}>
      <Loaded what="the cloud accounts" query={accounts}>
        {(items) =>
          items.length === 0 ? (
            <NothingYet title="No cloud account yet" action={register}>
              With an account of AWS, Azure or Google Cloud, a migration can create the cluster that it goes to.
              {!mayChange && ' An administrator can register one.'}
            </NothingYet>
          ) : (
            <Table aria-label="Cloud accounts" variant="compact">
              <Thead>
                <Tr>
                  <Th>Name</Th>
                  <Th>Provider</Th>
                  <Th>State</Th>
                  <Th>Acts as</Th>
                  <Th screenReaderText="Actions" />
                </Tr>
              </Thead>
              <Tbody>
                {items.map((account) => (
                  <Tr key={account.id}>
                    <Td dataLabel="Name" modifier="breakWord">
                      {account.name}
                    </Td>
                    <Td dataLabel="Provider">{account.provider}</Td>
                    <Td dataLabel="State" modifier="breakWord">
                      <AccountState id={account.id} />
                    </Td>
                    <Td dataLabel="Acts as" modifier="breakWord">
                      {account.identity}
                    </Td>
                    <Td isActionCell>
                      {mayChange && (
                        <RowActions
                          of={account.name}
                          items={[
                            { title: 'Change', onClick: () => setOpen({ what: 'change', account }) },
                            { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', account }) },
                          ]}
                        />
                      )}
                    </Td>
                  </Tr>
                ))}
              </Tbody>
            </Table>
          )
        }
      </Loaded>
      {open?.what === 'new' && <CloudAccountForm onClose={close} />}
      {open?.what === 'change' && <CloudAccountForm account={open.account} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="cloud account"
          name={open.account.name}
          onClose={close}
          remove={async () => {
            await deleteCloudAccount(open.account.id);
            await queries.invalidateQueries({ queryKey: cloudAccountsQuery.queryKey });
          }}
        >
          Godwit forgets the account and its credentials. Clusters that were created with it stay.
        </ConfirmDelete>
      )}
    </AppPage>
  );
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
