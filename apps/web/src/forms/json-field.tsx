import { TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { Field, type FieldProps, inputProps } from './fields.tsx';

/** A value that has no simpler form: JSON as text, taken over as soon as it can be read. */
export function JsonField(props: FieldProps) {
  const { form, path } = props;
  const [text, setText] = useState(() => JSON.stringify(form.at(path) ?? [], undefined, 2));
  const [unreadable, setUnreadable] = useState<string>();
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
        onChange={(_event, value) => {
          setText(value);
          try {
            form.set(path, JSON.parse(value));
            setUnreadable(undefined);
          } catch (error) {
            setUnreadable(`This is not JSON yet: ${(error as Error).message}`);
          }
        }}
      />
    </Field>
  );
}
