import { TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { Field, type FieldProps, inputProps } from './fields.tsx';

/** A value that has no simpler form: JSON as text. While it cannot be read the form has the text itself, which no schema here takes. */
export function JsonField(props: FieldProps & { isOptional?: boolean }) {
  const { form, path, isOptional } = props;
  const value = form.at(path);
  const [text, setText] = useState(() => {
    if (typeof value === 'string') return value;
    return isOptional && value === undefined ? '' : JSON.stringify(value ?? [], undefined, 2);
  });
  const unreadable = typeof value === 'string' ? problemOf(value) : undefined;
  const below = form.errors.find(({ path: at }) => at.length > path.length && path.every((key, index) => key === at[index]));
  const shown = {
    ...form,
    errorOf: (at: FieldProps['path']) =>
      unreadable ?? form.errorOf(at) ?? (below && `${below.path.slice(path.length).join('.')}: ${below.message}`),
  };
  return (
    <Field {...props} form={shown}>
      <TextArea
        {...inputProps({ ...props, form: shown })}
        className="godwit-mono"
        rows={4}
        resizeOrientation="vertical"
        spellCheck={false}
        value={text}
        onChange={(_event, next) => {
          setText(next);
          form.set(path, isOptional && next.trim() === '' ? undefined : parsed(next));
        }}
      />
    </Field>
  );
}

/** @returns the text itself if it is not JSON */
function parsed(text: string): unknown {
  return problemOf(text) === undefined ? JSON.parse(text) : text;
}

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `This is not JSON yet: ${(error as Error).message}`;
  }
}
