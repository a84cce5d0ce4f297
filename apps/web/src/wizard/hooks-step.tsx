import { HOOK_SLOTS, type HookSlot, TYPES_OF_SLOT } from '@godwit/contracts/app-hooks';
import type { HookUse } from '@godwit/contracts/migration-definition';
import { Button, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { appHooksQuery } from '../api/app-hooks.ts';
import { Loaded } from '../app/app-page.tsx';
import { Field, idOf } from '../forms/fields.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import type { DefinitionForm } from './definition-form.ts';

const SLOTS: Record<HookSlot, string> = {
  sourcePre: 'On the source, before the snapshots',
  sourcePost: 'On the source, after the snapshots',
  destinationPost: 'On the destination, when the pods are ready',
};

/** Which commands run in the pods, where and in which order. */
export function HooksStep({ form }: { form: DefinitionForm }) {
  return (
    <>
      {HOOK_SLOTS.map((slot) => (
        <Slot key={slot} form={form} slot={slot} />
      ))}
    </>
  );
}

function Slot({ form, slot }: { form: DefinitionForm; slot: HookSlot }) {
  const hooks = useQuery(appHooksQuery);
  const path = ['hooks', slot];
  const uses = (form.at(path) as readonly HookUse[] | undefined) ?? [];
  return (
    <Loaded what="the hooks" query={hooks}>
      {(all) => {
        const fitting = all.filter(({ type }) => TYPES_OF_SLOT[slot].includes(type));
        const nameOf = (id: string) => all.find((hook) => hook.id === id)?.name ?? 'a hook that was deleted';
        return (
          <Field form={form} path={path} label={SLOTS[slot]}>
            {uses.map(({ hookId }, index) => (
              <div key={`${hookId}-${index}`} className="godwit-heading">
                <strong>{nameOf(hookId)}</strong>{' '}
                <Button variant="link" isInline onClick={() => form.set(path, uses.toSpliced(index, 1))}>
                  Remove
                </Button>
                <TokensField
                  form={form}
                  path={[...path, index, 'namespaces']}
                  label={`Namespaces of ${nameOf(hookId)}`}
                  help="Empty: every selected one."
                />
              </div>
            ))}
            <FormSelect
              id={idOf(path)}
              aria-label={SLOTS[slot]}
              value=""
              isDisabled={fitting.length === 0}
              onChange={(_event, hookId) => form.set(path, [...uses, { hookId, namespaces: [] }])}
            >
              <FormSelectOption value="" label={fitting.length === 0 ? 'No saved hook fits here' : 'Add a hook'} isDisabled />
              {fitting.map(({ id, name }) => (
                <FormSelectOption key={id} value={id} label={name} />
              ))}
            </FormSelect>
          </Field>
        );
      }}
    </Loaded>
  );
}
