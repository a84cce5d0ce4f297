import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { Field, idOf } from '../forms/fields.tsx';
import { keyOfStorage, useStorageOptions } from '../storage/storage-choice.ts';
import { type DefinitionForm, filledIn } from './definition-form.ts';

const PATH = ['copy', 'storage'];

/** Which object storage the data passes through. */
export function StorageField({ form }: { form: DefinitionForm }) {
  const options = useStorageOptions();
  return (
    <Field form={form} path={PATH} label="Destination storage for copy" help="Archives lie there, sealed, while they pass.">
      <FormSelect
        id={idOf(PATH)}
        value={keyOfStorage(filledIn(form).copy.storage)}
        onChange={(_event, chosen) =>
          form.set(PATH, options.find(({ key }) => key === chosen)?.storage ?? { type: 'ClusterPreference' })
        }
      >
        <FormSelectOption value="" label="Inherit from the source cluster's preferences" />
        {options.map(({ key, label }) => (
          <FormSelectOption key={key} value={key} label={label} />
        ))}
      </FormSelect>
    </Field>
  );
}
