import { NotifiedPhase, SaveWebhook, type WebhookView } from '@godwit/contracts/webhooks';
import { Checkbox } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { createWebhook, updateWebhook, webhooksQuery } from '../api/settings.ts';
import { Field, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import type { Form } from '../forms/use-form.ts';
import { usePresent } from '../forms/use-present.ts';

export interface WebhookFormProps {
  /** The one to change; undefined: a new one. */
  webhook?: WebhookView;
  /** Of a new one: is told the key of its signatures. */
  onCreated: (signingKey: string) => void;
  onClose: () => void;
}

export function WebhookForm({ webhook, onCreated, onClose }: WebhookFormProps) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(webhook, webhooksQuery);
  return (
    <FormModal<SaveWebhook>
      title={webhook ? `Change ${webhook.name}` : 'Add a webhook'}
      submitText="Save"
      variant="small"
      schema={SaveWebhook}
      initial={webhook ? SaveWebhook.parse(webhook) : { name: '', url: '', phases: ['Succeeded', 'Failed', 'Cancelled'] }}
      changes={webhook && { what: 'webhook', reread: async () => SaveWebhook.parse(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        const present = meant(whatever);
        if (present) await updateWebhook(present, values);
        else onCreated((await createWebhook(values)).signingKey);
        await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey });
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
