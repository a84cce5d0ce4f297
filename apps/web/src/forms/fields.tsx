import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { toLocalInput } from '../format/zoned-time.ts';
import type { Path } from './paths.ts';
import type { Form } from './use-form.ts';

export interface FieldProps {
  // biome-ignore lint/suspicious/noExplicitAny: a field does not care what else its form has
  form: Form<any>;
  path: Path;
  label: string;
  /** A sentence below the field. */
  help?: ReactNode;
  isRequired?: boolean;
}

export const idOf = (path: Path) => `field-${path.join('-').replaceAll(/[^\w-]/g, '_')}`;

/** The label of a field, what it is for, and what is wrong with it. */
export function Field({ form, path, label, help, isRequired, children }: FieldProps & { children: ReactNode }) {
  const id = idOf(path);
  const error = form.errorOf(path);
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired ?? false}>
      {children}
      <FormHelperText>
        <HelperText id={`${id}-help`} isLiveRegion>
          {error && <HelperTextItem variant="error">{error}</HelperTextItem>}
          {help && <HelperTextItem>{help}</HelperTextItem>}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

/** What an input has beside its value. */
export function inputProps({ form, path, isRequired }: FieldProps) {
  const id = idOf(path);
  return {
    id,
    isRequired: isRequired ?? false,
    'aria-describedby': `${id}-help`,
    validated: form.errorOf(path) ? ('error' as const) : ('default' as const),
  };
}

export function TextField(
  props: FieldProps & { type?: 'text' | 'password' | 'url'; isOptional?: boolean; placeholder?: string },
) {
  const { form, path, type = 'text', isOptional, placeholder } = props;
  return (
    <Field {...props}>
      <TextInput
        {...inputProps(props)}
        type={type}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        value={String(form.at(path) ?? '')}
        onChange={(_event, value) => form.set(path, value === '' && isOptional ? undefined : value)}
        {...(placeholder ? { placeholder } : {})}
      />
    </Field>
  );
}

/** @param props.isOptional an empty field is no value; else it is told that one is missing */
export function NumberField(props: FieldProps & { placeholder?: string; unit?: string }) {
  const { form, path, placeholder } = props;
  const value = form.at(path);
  return (
    <Field {...props}>
      <TextInput
        {...inputProps(props)}
        type="number"
        inputMode="decimal"
        value={typeof value === 'number' ? String(value) : ''}
        onChange={(_event, text) => form.set(path, text === '' ? undefined : Number(text))}
        {...(placeholder ? { placeholder } : {})}
      />
    </Field>
  );
}

export function TextAreaField(props: FieldProps & { rows?: number; isOptional?: boolean }) {
  const { form, path, rows = 4, isOptional } = props;
  return (
    <Field {...props}>
      <TextArea
        {...inputProps(props)}
        className="godwit-mono"
        rows={rows}
        resizeOrientation="vertical"
        spellCheck={false}
        value={String(form.at(path) ?? '')}
        onChange={(_event, value) => form.set(path, value === '' && isOptional ? undefined : value)}
      />
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
}

export function SelectField(props: FieldProps & { options: readonly Option[]; isOptional?: boolean; none?: string }) {
  const { form, path, options, isOptional, none } = props;
  return (
    <Field {...props}>
      <FormSelect
        {...inputProps(props)}
        value={String(form.at(path) ?? '')}
        onChange={(_event, value) => form.set(path, value === '' && isOptional ? undefined : value)}
      >
        {none !== undefined && <FormSelectOption value="" label={none} />}
        {options.map(({ value, label }) => (
          <FormSelectOption key={value} value={value} label={label} />
        ))}
      </FormSelect>
    </Field>
  );
}

export function CheckField({ form, path, label, help }: FieldProps) {
  return (
    <FormGroup role="group" fieldId={idOf(path)}>
      <Checkbox
        id={idOf(path)}
        label={label}
        {...(help ? { description: help } : {})}
        isChecked={form.at(path) === true}
        onChange={(_event, checked) => form.set(path, checked)}
      />
    </FormGroup>
  );
}

/** A moment, chosen in the reader's own time and kept as ISO in UTC. */
export function TimeField(props: FieldProps) {
  const { form, path } = props;
  const value = form.at(path);
  return (
    <Field {...props}>
      <TextInput
        {...inputProps(props)}
        type="datetime-local"
        value={typeof value === 'string' ? toLocalInput(value) : ''}
        onChange={(_event, text) => form.set(path, text === '' ? undefined : new Date(text).toISOString())}
      />
    </Field>
  );
}
