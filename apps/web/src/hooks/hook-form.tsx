import type { AppHookView } from '@godwit/contracts/api';
import { AppHook } from '@godwit/contracts/app-hooks';
import type { FieldError } from '@godwit/contracts/problem-details';
import { LabelSeedError, parseLabelSeed } from '@godwit/selection/label-seed';
import { useQueryClient } from '@tanstack/react-query';
import { appHooksQuery, saveAppHook } from '../api/app-hooks.ts';
import { NumberField, SelectField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import { usePresent } from '../forms/use-present.ts';
import { CommandField } from './command-field.tsx';
import { HOOK_TYPES } from './hook-types.ts';

export interface HookFormProps {
  /** The one to change; undefined: a new one. */
  hook?: AppHookView;
  /** What a new one begins with: a template, or a hook that is cloned. */
  begin?: AppHook;
  onClose: () => void;
}

const EMPTY = { name: '', type: 'Pre', labels: '', command: ['sh', '-c', ''], timeoutSeconds: 30, onError: 'Fail' };

export function HookForm({ hook, begin, onClose }: HookFormProps) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(hook, appHooksQuery);
  const title = hook ? `Change ${hook.name}` : 'Save a hook';
  return (
    <FormModal<AppHook>
      title={title}
      submitText="Save"
      variant="large"
      schema={AppHook}
      checkMore={checkLabels}
      initial={hook ? AppHook.parse(hook) : (begin ?? EMPTY)}
      changes={hook && { what: 'hook', reread: async () => AppHook.parse(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        await saveAppHook(meant(whatever), values);
        await queries.invalidateQueries({ queryKey: appHooksQuery.queryKey });
      }}
    >
      {(form) => (
        <>
          <TextField form={form} path={['name']} label="Name" isRequired />
          <SelectField form={form} path={['type']} label="When" options={HOOK_TYPES} isRequired />
          <TextField
            form={form}
            path={['labels']}
            label="Labels of the pods"
            placeholder="app:shop tier:database"
            help="All must match. A comma between values means or: app:web,api"
            isRequired
          />
          <TextField form={form} path={['container']} label="Container" help="Empty: the first one of the pod." isOptional />
          <CommandField form={form} path={['command']} />
          <NumberField form={form} path={['timeoutSeconds']} label="Timeout in seconds" isRequired />
          <SelectField
            form={form}
            path={['onError']}
            label="If it fails"
            options={[
              { value: 'Fail', label: 'The run fails' },
              { value: 'Continue', label: 'The run goes on, with a warning' },
            ]}
            isRequired
          />
        </>
      )}
    </FormModal>
  );
}

function checkLabels(values: unknown): FieldError[] {
  const { labels } = values as Partial<AppHook>;
  if (!labels) return [];
  try {
    parseLabelSeed(labels);
    return [];
  } catch (error) {
    if (!(error instanceof LabelSeedError)) throw error;
    return [{ path: ['labels'], message: `${error.message} ${error.cure}` }];
  }
}
