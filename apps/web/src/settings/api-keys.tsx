import { type ApiKeyView, CreateApiKey, Role } from '@godwit/contracts/access';
import { Button, Label } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { apiKeysQuery, createApiKey, deleteApiKey } from '../api/settings.ts';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { formatAgo } from '../format/time.ts';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { SelectField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import { ToldOnce } from './told-once.tsx';

const ROLES: Record<Role, string> = {
  viewer: 'viewer: reads',
  operator: 'operator: also runs migrations',
  admin: 'admin: also manages what they use, and who may call',
};

const COLUMNS: Column<ApiKeyView>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Role', cell: ({ role }) => <Label isCompact>{role}</Label> },
  { title: 'Begins with', className: 'godwit-mono', cell: ({ prefix }) => prefix },
  { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? formatAgo(lastUsedAt, Date.now()) : 'never') },
  { title: 'Ends', cell: ({ expiresAt }) => (expiresAt ? new Date(expiresAt).toLocaleDateString() : 'never') },
];

type Open = { what: 'new' } | { what: 'delete'; key: ApiKeyView } | { what: 'told'; secret: string };

/** The keys of the API. */
export function ApiKeys() {
  const keys = useQuery(apiKeysQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const close = () => setOpen(undefined);
  const readAgain = () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  const make = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Make an API key</Button>;
  const actionsOf = (key: ApiKeyView): IAction[] => [
    { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', key }) },
  ];
  return (
    <div className="godwit-tab">
      <ManagedList
        what="the API keys"
        label="API keys"
        query={keys}
        columns={COLUMNS}
        above={make}
        {...(mayChange ? { actionsOf } : {})}
        empty={
          <NothingYet title="No API key yet" action={make}>
            With keys, people and programs call the API by who they are, each with what it may do.
          </NothingYet>
        }
      />
      {open?.what === 'new' && (
        <FormModal<CreateApiKey>
          title="Make an API key"
          submitText="Make it"
          variant="small"
          schema={CreateApiKey}
          initial={{ name: '', role: 'operator' }}
          onClose={() => setOpen((present) => (present?.what === 'new' ? undefined : present))}
          save={async (values) => {
            const { key: secret } = await createApiKey(values);
            await readAgain();
            setOpen({ what: 'told', secret });
          }}
        >
          {(form) => (
            <>
              <TextField form={form} path={['name']} label="Name" help="Of the person or program that gets it." isRequired />
              <SelectField
                form={form}
                path={['role']}
                label="Role"
                options={Role.options.map((value) => ({ value, label: ROLES[value] }))}
                isRequired
              />
            </>
          )}
        </FormModal>
      )}
      {open?.what === 'told' && (
        <ToldOnce title="The new API key" secret={open.secret} onClose={close}>
          It is shown this once: only a hash of it is kept.
        </ToldOnce>
      )}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="API key"
          name={open.key.name}
          onClose={close}
          remove={async () => {
            await deleteApiKey(open.key.id);
            await readAgain();
          }}
        >
          Whoever calls with it is refused from now on.
        </ConfirmDelete>
      )}
    </div>
  );
}
