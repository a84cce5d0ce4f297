import { Button, Flex, FlexItem, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { Field, type FieldProps, idOf } from './fields.tsx';

/** Text -> text, a row for each. A row counts once its left side is filled in. */
export function PairsField(props: FieldProps & { from: string; to: string }) {
  const { form, path, label, from, to } = props;
  const [rows, setRows] = useState<[string, string][]>(() => Object.entries((form.at(path) as Record<string, string>) ?? {}));
  const change = (next: [string, string][]) => {
    setRows(next);
    form.set(path, Object.fromEntries(next.filter(([left]) => left !== '')));
  };
  const below = form.errors.find(({ path: at }) => at.length > path.length && path.every((key, index) => key === at[index]));
  return (
    <Field
      {...props}
      form={{ ...form, errorOf: (at) => form.errorOf(at) ?? (below && `${String(below.path.at(-1))}: ${below.message}`) }}
    >
      {rows.map(([left, right], index) => (
        <Flex key={index} className="godwit-heading" flexWrap={{ default: 'nowrap' }}>
          <FlexItem grow={{ default: 'grow' }}>
            <TextInput
              aria-label={`${from} ${index + 1}`}
              id={`${idOf(path)}-${index}`}
              value={left}
              onChange={(_event, value) => change(rows.with(index, [value, right]))}
            />
          </FlexItem>
          <FlexItem grow={{ default: 'grow' }}>
            <TextInput
              aria-label={`${to} ${index + 1}`}
              value={right}
              onChange={(_event, value) => change(rows.with(index, [left, value]))}
            />
          </FlexItem>
          <Button
            variant="link"
            isInline
            aria-label={`Remove row ${index + 1} of ${label}`}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            Remove
          </Button>
        </Flex>
      ))}
      <Button variant="link" isInline id={idOf(path)} onClick={() => setRows([...rows, ['', '']])}>
        Add a row
      </Button>
    </Field>
  );
}
