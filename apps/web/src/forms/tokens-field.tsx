import { Button, InputGroup, InputGroupItem, Label, LabelGroup, TextInput } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { Field, type FieldProps, idOf } from './fields.tsx';
import type { Form } from './use-form.ts';

export interface TokensFieldProps extends FieldProps {
  /** What may be chosen; anything else may be entered too. */
  suggestions?: readonly string[];
  placeholder?: string;
}

/** A list of texts, entered one by one. */
export function TokensField(props: TokensFieldProps) {
  const { form, path, label, suggestions = [], placeholder } = props;
  const [typed, setTyped] = useState('');
  const listId = useId();
  const tokens = (form.at(path) as readonly string[] | undefined) ?? [];
  const add = () => {
    const token = typed.trim();
    if (token !== '' && !tokens.includes(token)) form.set(path, [...tokens, token]);
    setTyped('');
  };
  return (
    <Field {...props} form={withErrorsBelow(form)}>
      {tokens.length > 0 && (
        <LabelGroup numLabels={20} aria-label={label}>
          {tokens.map((token, index) => (
            <Label
              key={token}
              color={
                form.errors.some(({ path: at }) => at.length > path.length && at[path.length] === index && isBelow(at, path))
                  ? 'red'
                  : 'grey'
              }
              closeBtnAriaLabel={`Remove ${token}`}
              onClose={() =>
                form.set(
                  path,
                  tokens.filter((each) => each !== token),
                )
              }
            >
              {token}
            </Label>
          ))}
        </LabelGroup>
      )}
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id={idOf(path)}
            aria-describedby={`${idOf(path)}-help`}
            list={listId}
            autoComplete="off"
            value={typed}
            onChange={(_event, value) => setTyped(value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
            {...(placeholder ? { placeholder } : {})}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button variant="control" onClick={add} aria-label={`Add to ${label}`}>
            Add
          </Button>
        </InputGroupItem>
      </InputGroup>
      <datalist id={listId}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </Field>
  );
}

/** @returns the form, whose fields tell what is wrong below their path too */
// biome-ignore lint/suspicious/noExplicitAny: a field does not care what else its form has
export function withErrorsBelow(form: Form<any>): Form<any> {
  return {
    ...form,
    errorOf: (path) => {
      const below = form.errors.find(({ path: at }) => at.length > path.length && isBelow(at, path));
      return form.errorOf(path) ?? below?.message;
    },
  };
}

function isBelow(path: readonly (string | number)[], root: readonly (string | number)[]): boolean {
  return root.every((key, index) => String(path[index]) === String(key));
}
