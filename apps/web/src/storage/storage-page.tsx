import type { ObjectStoreView } from '@godwit/contracts/api';
import type { ObjectStoreStatus } from '@godwit/contracts/calls';
import { Button, Label, type LabelProps, Skeleton } from '@patternfly/react-core';
import QuestionIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { deleteObjectStore, objectStoreStatusQuery, objectStoresQuery } from '../api/object-stores.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { Problem } from '../app/problem.tsx';
import { RowActions } from '../app/row-actions.tsx';
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
  return (
    <AppPage title="Storage" actions={stores.data?.length ? register : undefined}>
      <Loaded what="the object stores" query={stores}>
        {(items) =>
          items.length === 0 ? (
            <NothingYet title="No storage yet" action={register}>
              On its way from cluster to cluster, data lies in object storage, sealed: register a bucket of anything that speaks
              S3.
              {!mayChange && ' An administrator can do that.'}
            </NothingYet>
          ) : (
            <Table aria-label="Object stores" variant="compact">
              <Thead>
                <Tr>
                  <Th>Name</Th>
                  <Th>State</Th>
                  <Th>Bucket</Th>
                  <Th>Endpoint</Th>
                  <Th screenReaderText="Actions" />
                </Tr>
              </Thead>
              <Tbody>
                {items.map((store) => (
                  <StoreRow key={store.id} store={store} mayChange={mayChange} onOpen={(what) => setOpen({ what, store })} />
                ))}
              </Tbody>
            </Table>
          )
        }
      </Loaded>
      {open?.what === 'new' && <ObjectStoreForm onClose={close} />}
      {open?.what === 'change' && <ObjectStoreForm store={open.store} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="object store"
          name={open.store.name}
          onClose={close}
          remove={async () => {
            await deleteObjectStore(open.store.id);
            await queries.invalidateQueries({ queryKey: objectStoresQuery.queryKey });
          }}
        >
          Godwit forgets the store and its credentials. The bucket and what lies in it stay.
        </ConfirmDelete>
      )}
    </AppPage>
  );
}

interface RowProps {
  store: ObjectStoreView;
  mayChange: boolean;
  onOpen: (what: 'change' | 'delete') => void;
}

function StoreRow({ store, mayChange, onOpen }: RowProps) {
  const status = useQuery(objectStoreStatusQuery(store.id));
  const actions = [
    { title: 'Try now', onClick: () => void status.refetch() },
    ...(mayChange
      ? [
          { title: 'Change', onClick: () => onOpen('change') },
          { title: 'Delete', isDanger: true, onClick: () => onOpen('delete') },
        ]
      : []),
  ];
  return (
    <Tr>
      <Td dataLabel="Name" modifier="breakWord">
        {store.name}
      </Td>
      <Td dataLabel="State">
        <StoreState status={status.data} />
        {status.data?.problem && <Problem finding={status.data.problem} />}
      </Td>
      <Td dataLabel="Bucket" modifier="breakWord">
        {[store.bucket, store.prefix].filter(Boolean).join('/')}
      </Td>
      <Td dataLabel="Endpoint" modifier="breakWord">
        {store.endpoint} <span className="godwit-subtle">{store.region}</span>
      </Td>
      <Td isActionCell>
        <RowActions items={actions} of={store.name} />
      </Td>
    </Tr>
  );
}

const LOOK: Record<ObjectStoreStatus['state'], Pick<LabelProps, 'status' | 'color' | 'icon'>> = {
  Ready: { status: 'success' },
  Failed: { status: 'danger' },
  Unknown: { color: 'grey', icon: <QuestionIcon /> },
};

function StoreState({ status }: { status: ObjectStoreStatus | undefined }) {
  if (!status) return <Skeleton width="6rem" screenreaderText="Trying the store" />;
  return <Label {...LOOK[status.state]}>{status.state}</Label>;
}
