import type { WebhookView } from '@godwit/contracts/webhooks';
import { Button } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { deleteWebhook, webhooksQuery } from '../api/settings.ts';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { Deliveries } from './deliveries.tsx';
import { ToldOnce } from './told-once.tsx';
import { WebhookForm } from './webhook-form.tsx';

const COLUMNS: Column<WebhookView>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Address', cell: ({ url }) => url },
  { title: 'Told of', cell: ({ phases }) => phases.join(', ') },
];

type Open =
  | { what: 'new' }
  | { what: 'change' | 'delete' | 'deliveries'; webhook: WebhookView }
  | { what: 'told'; secret: string };

/** Who is told of runs. */
export function Webhooks() {
  const webhooks = useQuery(webhooksQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const close = () => setOpen(undefined);
  const readAgain = () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  const add = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Add a webhook</Button>;
  const actionsOf = (webhook: WebhookView): IAction[] => [
    { title: 'Deliveries', onClick: () => setOpen({ what: 'deliveries', webhook }) },
    ...(mayChange
      ? [
          { title: 'Change', onClick: () => setOpen({ what: 'change', webhook }) },
          { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', webhook }) },
        ]
      : []),
  ];
  return (
    <div className="godwit-tab">
      <ManagedList
        what="the webhooks"
        label="Webhooks"
        query={webhooks}
        columns={COLUMNS}
        above={add}
        actionsOf={actionsOf}
        empty={
          <NothingYet title="No webhook yet" action={add}>
            A webhook tells a chat, a pager or a program of yours when a run begins and how it ends.
          </NothingYet>
        }
      />
      {(open?.what === 'new' || open?.what === 'change') && (
        <WebhookForm
          {...(open.what === 'change' ? { webhook: open.webhook } : {})}
          onClose={() => setOpen((present) => (present?.what === 'told' ? present : undefined))}
          onCreated={(secret) => setOpen({ what: 'told', secret })}
        />
      )}
      {open?.what === 'told' && (
        <ToldOnce title="The key of its signatures" secret={open.secret} onClose={close}>
          It is shown this once. With it the receiver knows that a message is ours (https://www.standardwebhooks.com).
        </ToldOnce>
      )}
      {open?.what === 'deliveries' && <Deliveries webhook={open.webhook} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="webhook"
          name={open.webhook.name}
          onClose={close}
          remove={async () => {
            await deleteWebhook(open.webhook);
            await readAgain();
          }}
        >
          Nothing is told there from now on; the list of its deliveries goes with it.
        </ConfirmDelete>
      )}
    </div>
  );
}
