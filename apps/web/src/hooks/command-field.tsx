import { Button, TextArea, TextInput } from '@patternfly/react-core';
import { Field, type FieldProps, idOf } from '../forms/fields.tsx';

/** A program and its arguments, one field for each, as nothing but the shell that is named splits or expands them. */
export function CommandField({ form, path }: Pick<FieldProps, 'form' | 'path'>) {
  const command = (form.at(path) as string[] | undefined) ?? [];
  const change = (next: readonly string[]) => form.set(path, next);
  const error = form.errors.find(({ path: at }) => at[0] === path[0] && form.errorOf(at));
  return (
    <Field
      form={{ ...form, errorOf: (at) => (at === path ? error && form.errorOf(error.path) : form.errorOf(at)) }}
      path={path}
      label="Command"
      help="The program and each of its arguments. There is no shell but the one that is named: sh, -c, then the script."
      isRequired
    >
      {command.map((argument, index) => {
        const label = index === 0 ? 'Program' : `Argument ${index}`;
        const set = (value: string) => change(command.with(index, value));
        const isLast = index === command.length - 1;
        return isLast && index > 0 ? (
          <TextArea
            key={index}
            id={`${idOf(path)}-${index}`}
            className="godwit-mono"
            rows={6}
            resizeOrientation="vertical"
            spellCheck={false}
            aria-label={label}
            value={argument}
            onChange={(_event, value) => set(value)}
          />
        ) : (
          <TextInput
            key={index}
            id={index === 0 ? idOf(path) : `${idOf(path)}-${index}`}
            className="godwit-mono"
            aria-label={label}
            value={argument}
            onChange={(_event, value) => set(value)}
          />
        );
      })}
      <Button variant="link" isInline onClick={() => change([...command, ''])}>
        Add an argument
      </Button>{' '}
      {command.length > 1 && (
        <Button variant="link" isInline onClick={() => change(command.slice(0, -1))}>
          Remove the last
        </Button>
      )}
    </Field>
  );
}
