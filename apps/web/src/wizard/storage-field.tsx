import type { CopyStorage } from '@godwit/contracts/archive-storage';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { objectStoresQuery } from '../api/object-stores.ts';
import { Field, idOf } from '../forms/fields.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';

const PATH = ['copy', 'storage'];
const keyOfStorage = (storage: CopyStorage) =>
  storage.type === 'ObjectStore'
    ? storage.objectStoreId
    : storage.type === 'Managed'
      ? `${storage.provider}/${storage.region}`
      : '';

/** Which object storage the data passes through. */
export function StorageField({ form }: { form: DefinitionForm }) {
  const { data: stores = [] } = useQuery(objectStoresQuery);
  const { storage } = filledIn(form).copy;
  const chosen = keyOfStorage(storage);
  return (
    <Field form={form} path={PATH} label="Destination storage for copy" help="Archives lie there, sealed, while they pass.">
      <FormSelect
        id={idOf(PATH)}
        value={chosen}
        onChange={(_event, value) =>
          form.set(PATH, value === '' ? { type: 'ClusterPreference' } : { type: 'ObjectStore', objectStoreId: value })
        }
      >
        <FormSelectOption value="" label="Inherit from the source cluster's preferences" />
        {stores.map(({ id, name }) => (
          <FormSelectOption key={id} value={id} label={name} />
        ))}
        {storage.type === 'Managed' && <FormSelectOption value={chosen} label={`Managed: ${chosen}`} />}
      </FormSelect>
    </Field>
  );
}
