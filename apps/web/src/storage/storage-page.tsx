import type { ObjectStoreView } from '@godwit/contracts/api';
import type { ObjectStoreStatus } from '@godwit/contracts/calls';
import { Button, Label, type LabelProps, Skeleton } from '@patternfly/react-core';
import QuestionIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { deleteObjectStore, objectStoreStatusQuery, objectStoresQuery } from '../api/object-stores.ts';
import { AppPage } from '../app/app-page.tsx';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { Problem } from '../app/problem.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { ObjectStoreForm } from './object-store-form.tsx';

type Open = { what: 'new' } | { what: 'change' | 'delete'; store: ObjectStoreView };

/** The registered object stores, each tried. */
export function StoragePage() {
  const stores = useQuery(objectStoresQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const close = () => setOpen(undefined);
  const register = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Register storage</Button>;
  const actionsOf = (store: ObjectStoreView): IAction[] => [
    { title: 'Try now', onClick: () => void queries.refetchQueries({ queryKey: objectStoreStatusQuery(store.id).queryKey }) },
    ...(mayChange
      ? [
          { title: 'Change', onClick: () => setOpen({ what: 'change', store }) },
          { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', store }) },
        ]
      : []),
  ];
  return (
    <AppPage title="Storage" actions={stores.data?.length ? register : undefined}>
      <ManagedList
        what="the object stores"
        label="Object stores"
        query={stores}
        columns={COLUMNS}
        actionsOf={actionsOf}
        empty={
          <NothingYet title="No storage yet" action={register}>
            On its way from cluster to cluster, data lies in object storage, sealed: register a bucket of anything that speaks S3.
            {!mayChange && ' An administrator can do that.'}
          </NothingYet>
        }
      />
      {open?.what === 'new' && <ObjectStoreForm onClose={close} />}
      {open?.what === 'change' && <ObjectStoreForm store={open.store} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="object store"
          name={open.store.name}
          onClose={close}
          remove={async () => {
            await deleteObjectStore(open.store);
            await queries.invalidateQueries({ queryKey: objectStoresQuery.queryKey });
          }}
        >
          Godwit forgets the store and its credentials. The bucket and what lies in it stay.
        </ConfirmDelete>
      )}
    </AppPage>
  );
}

const COLUMNS: Column<ObjectStoreView>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'State', cell: ({ id }) => <StoreState id={id} /> },
  { title: 'Bucket', cell: ({ bucket, prefix }) => [bucket, prefix].filter(Boolean).join('/') },
  {
    title: 'Endpoint',
    cell: ({ endpoint, region }) => (
      <>
        {endpoint} <span className="godwit-subtle">{region}</span>
      </>
    ),
  },
];

const LOOK: Record<ObjectStoreStatus['state'], Pick<LabelProps, 'status' | 'color' | 'icon'>> = {
  Ready: { status: 'success' },
  Failed: { status: 'danger' },
  Unknown: { color: 'grey', icon: <QuestionIcon /> },
};

function StoreState({ id }: { id: string }) {
  const { data: status, error, refetch } = useQuery(objectStoreStatusQuery(id));
  if (!status && !error) return <Skeleton width="6rem" screenreaderText="Trying the store" />;
  const state = status?.state ?? 'Unknown';
  return (
    <>
      <Label {...LOOK[state]}>{state}</Label>
      {status?.problem && <Problem finding={status.problem} />}
      {!status && error && <RequestProblem doing="Not tried" error={error} onRetry={() => refetch()} />}
    </>
  );
}
