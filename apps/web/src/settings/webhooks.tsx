import { NotifiedPhase, SaveWebhook, type WebhookView } from '@godwit/contracts/webhooks';
import { Button, Checkbox } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { createWebhook, deleteWebhook, updateWebhook, webhooksQuery } from '../api/settings.ts';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { Field, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import type { Form } from '../forms/use-form.ts';
import { Deliveries } from './deliveries.tsx';
import { ToldOnce } from './told-once.tsx';

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
        <FormModal<SaveWebhook>
          title={open.what === 'new' ? 'Add a webhook' : `Change ${open.webhook.name}`}
          submitText="Save"
          variant="small"
          schema={SaveWebhook}
          initial={
            open.what === 'new'
              ? { name: '', url: '', phases: ['Succeeded', 'Failed', 'Cancelled'] }
              : SaveWebhook.parse(open.webhook)
          }
          onClose={() => setOpen((present) => (present?.what === 'told' ? present : undefined))}
          save={async (values) => {
            if (open.what === 'change') await updateWebhook(open.webhook.id, values);
            else setOpen({ what: 'told', secret: (await createWebhook(values)).signingKey });
            await readAgain();
          }}
        >
          {(form) => (
            <>
              <TextField form={form} path={['name']} label="Name" isRequired />
              <TextField form={form} path={['url']} label="Address" type="url" placeholder="https://" isRequired />
              <Phases form={form} />
            </>
          )}
        </FormModal>
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
            await deleteWebhook(open.webhook.id);
            await readAgain();
          }}
        >
          Nothing is told there from now on; the list of its deliveries goes with it.
        </ConfirmDelete>
      )}
    </div>
  );
}

const PATH = ['phases'];

function Phases({ form }: { form: Form<SaveWebhook> }) {
  const chosen = (form.at(PATH) as readonly NotifiedPhase[] | undefined) ?? [];
  return (
    <Field form={form} path={PATH} label="Told when a run is">
      {NotifiedPhase.options.map((phase) => (
        <Checkbox
          key={phase}
          id={`phase-${phase}`}
          label={phase}
          isChecked={chosen.includes(phase)}
          onChange={(_event, checked) => form.set(PATH, checked ? [...chosen, phase] : chosen.filter((each) => each !== phase))}
        />
      ))}
    </Field>
  );
}
