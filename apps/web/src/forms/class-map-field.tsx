import { FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem } from '@patternfly/react-core';
import { Fragment } from 'react';
import type { Option } from './fields.tsx';
import { idOf } from './fields.tsx';
import type { Path } from './paths.ts';
import type { Form } from './use-form.ts';

export interface ClassMapFieldProps {
  // biome-ignore lint/suspicious/noExplicitAny: a field does not care what else its form has
  form: Form<any>;
  path: Path;
  label: string;
  help: string;
  /** The classes to map, each with what it may become. */
  rows: readonly { name: string; options: readonly Option[]; unmapped: string; warning?: string | undefined }[];
  /** Instead of an empty list. */
  none: string;
}

const UNMAPPED = '\u0000';

/** Class -> class, a row for each class. */
export function ClassMapField({ form, path, label, help, rows, none }: ClassMapFieldProps) {
  const map = (form.at(path) as Record<string, string> | undefined) ?? {};
  return (
    <FormGroup label={label} role="group" fieldId={idOf(path)}>
      <FormHelperText>
        <HelperText>
          <HelperTextItem>{rows.length === 0 ? none : help}</HelperTextItem>
        </HelperText>
      </FormHelperText>
      {rows.length > 0 && (
        <div className="godwit-class-map">
          {rows.map(({ name, options, unmapped, warning }) => (
            <Fragment key={name}>
              <label htmlFor={idOf([...path, name])} className="godwit-break">
                {name}
              </label>
              <div>
                <FormSelect
                  id={idOf([...path, name])}
                  value={map[name] ?? UNMAPPED}
                  validated={warning && map[name] === undefined ? 'warning' : 'default'}
                  onChange={(_event, value) => form.set([...path, name], value === UNMAPPED ? undefined : value)}
                >
                  <FormSelectOption value={UNMAPPED} label={unmapped} />
                  {options.map(({ value, label: text }) => (
                    <FormSelectOption key={value} value={value} label={text} />
                  ))}
                  {map[name] && !options.some(({ value }) => value === map[name]) && (
                    <FormSelectOption value={map[name]} label={map[name]} />
                  )}
                </FormSelect>
                {warning && map[name] === undefined && (
                  <FormHelperText>
                    <HelperText>
                      <HelperTextItem variant="warning">{warning}</HelperTextItem>
                    </HelperText>
                  </FormHelperText>
                )}
              </div>
            </Fragment>
          ))}
        </div>
      )}
    </FormGroup>
  );
}
