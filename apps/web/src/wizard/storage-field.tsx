import { Field, inputProps } from '../forms/fields.tsx';
import { withErrorsBelow } from '../forms/tokens-field.tsx';
import { StorageSelect } from '../storage/storage-select.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';

/** Which object storage the data passes through. */
export function StorageField({ form }: { form: DefinitionForm }) {
  const path = ['copy', 'storage'];
  const props = {
    form: withErrorsBelow(form),
    path,
    label: 'Destination storage for copy',
    help: 'Archives lie there, sealed, while they pass.',
  };
  return (
    <Field {...props}>
      <StorageSelect
        {...inputProps(props)}
        chosen={filledIn(form).copy.storage}
        none="Inherit from the source cluster's preferences"
        onChoose={(storage) => form.set(path, storage ?? { type: 'ClusterPreference' })}
      />
    </Field>
  );
}
