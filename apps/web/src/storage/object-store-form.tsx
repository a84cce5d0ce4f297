import { type ObjectStoreView, RegisterObjectStore } from '@godwit/contracts/api';
import { ExpandableSection } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { objectStoreStatusQuery, objectStoresQuery, saveObjectStore } from '../api/object-stores.ts';
import { CheckField, TextAreaField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import { usePresent } from '../forms/use-present.ts';

type Shown = Pick<ObjectStoreView, 'name' | 'endpoint' | 'region' | 'bucket' | 'prefix' | 'forcePathStyle' | 'caBundle'>;
const EMPTY: Shown = { name: '', endpoint: '', region: 'us-east-1', bucket: '', prefix: '', forcePathStyle: true };

/** What is saved takes the place of all that there was: whatever can be read is filled in. */
const initialOf = ({ name, endpoint, region, bucket, prefix, forcePathStyle, caBundle }: Shown) => ({
  ...{ name, endpoint, region, bucket, prefix, forcePathStyle, caBundle },
  ...{ accessKeyId: '', secretAccessKey: '' },
});

/** @param props.store the one to change; undefined: a new one */
export function ObjectStoreForm({ store, onClose }: { store?: ObjectStoreView; onClose: () => void }) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(store, objectStoresQuery);
  return (
    <FormModal<RegisterObjectStore>
      title={store ? `Change ${store.name}` : 'Register storage'}
      submitText={store ? 'Save' : 'Register'}
      schema={RegisterObjectStore}
      initial={initialOf(store ?? EMPTY)}
      changes={store && { what: 'object store', reread: async () => initialOf(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        const saved = await saveObjectStore(meant(whatever), values);
        queries.setQueryData(objectStoreStatusQuery(saved.id).queryKey, saved.status);
        await queries.invalidateQueries({ queryKey: objectStoresQuery.queryKey });
      }}
    >
      {(form) => (
        <>
          <TextField form={form} path={['name']} label="Name" isRequired />
          <TextField
            form={form}
            path={['endpoint']}
            label="Endpoint"
            type="url"
            placeholder="https://s3.eu-central-1.amazonaws.com"
            help="Both clusters must reach it too."
            isRequired
          />
          <TextField form={form} path={['region']} label="Region" isRequired />
          <TextField form={form} path={['bucket']} label="Bucket" isRequired />
          <TextField
            form={form}
            path={['prefix']}
            label="Prefix"
            help="Everything of Godwit's lies below it; empty: the whole bucket."
          />
          <TextField form={form} path={['accessKeyId']} label="Access key id" isRequired />
          <TextField
            form={form}
            path={['secretAccessKey']}
            label="Secret access key"
            type="password"
            help={store ? 'Credentials are never shown again: enter them anew.' : 'It is sealed and never shown again.'}
            isRequired
          />
          <ExpandableSection toggleText="More options" isIndented>
            <div className="godwit-fields">
              <TextField form={form} path={['sessionToken']} label="Session token" type="password" isOptional />
              <CheckField
                form={form}
                path={['forcePathStyle']}
                label="Bucket in the path"
                help="Off: in the name of the host, as AWS wants it of new buckets."
              />
              <TextAreaField
                form={form}
                path={['caBundle']}
                label="Certificate authority"
                isOptional
                help="PEM, for a server whose certificate no public authority signed."
              />
            </div>
          </ExpandableSection>
        </>
      )}
    </FormModal>
  );
}
