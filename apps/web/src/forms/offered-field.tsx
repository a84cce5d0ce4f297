import { type FieldProps, type Option, SelectField, TextField } from './fields.tsx';

export interface OfferedFieldProps extends FieldProps {
  /** What there is to choose from; undefined or empty: it could not be listed, and is entered. */
  options: readonly Option[] | undefined;
  /** Whether it is being asked for now. */
  isAsking: boolean;
  isOptional?: boolean;
  /** Instead of a choice. */
  none?: string;
  placeholder?: string;
}

/** One of what is offered, asked just now; what is chosen already stays, whether it is offered or not. */
export function OfferedField({ options, isAsking, none = 'Choose one', placeholder, ...props }: OfferedFieldProps) {
  const { form, path, help } = props;
  if (!isAsking && !options?.length) return <TextField {...props} {...(placeholder ? { placeholder } : {})} help={help} />;
  const chosen = String(form.at(path) ?? '');
  const isOffered = chosen === '' || options?.some(({ value }) => value === chosen);
  const shown = [...(isOffered ? [] : [{ value: chosen, label: chosen }]), ...(options ?? [])];
  return <SelectField {...props} options={shown} none={isAsking ? 'Asking the provider …' : none} />;
}
