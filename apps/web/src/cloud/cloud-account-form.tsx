import { type CloudAccountView, RegisterCloudAccount } from '@godwit/contracts/api';
import type { CloudProviderName } from '@godwit/contracts/cloud-accounts';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { cloudAccountStatusQuery, cloudAccountsQuery, saveCloudAccount } from '../api/cloud-accounts.ts';
import { Field, idOf, TextAreaField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import type { Form } from '../forms/use-form.ts';
import { usePresent } from '../forms/use-present.ts';

const PROVIDERS: Record<CloudProviderName, string> = {
  AWS: 'Amazon Web Services',
  Azure: 'Microsoft Azure',
  GCP: 'Google Cloud',
};
const PROVIDER = ['credentials', 'provider'];

/** @param props.account the one to change; undefined: a new one */
export function CloudAccountForm({ account, onClose }: { account?: CloudAccountView; onClose: () => void }) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(account, cloudAccountsQuery);
  const initialOf = (present: Pick<CloudAccountView, 'name' | 'provider'>) => ({
    name: present.name,
    credentials: { provider: present.provider },
  });
  return (
    <FormModal<RegisterCloudAccount>
      title={account ? `Change ${account.name}` : 'Register a cloud account'}
      submitText={account ? 'Save' : 'Register'}
      schema={RegisterCloudAccount}
      initial={initialOf(account ?? { name: '', provider: 'AWS' })}
      changes={account && { what: 'cloud account', reread: async () => initialOf(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        const saved = await saveCloudAccount(meant(whatever), values);
        queries.setQueryData(cloudAccountStatusQuery(saved.id).queryKey, saved.status);
        await queries.invalidateQueries({ queryKey: cloudAccountsQuery.queryKey });
      }}
    >
      {(form) => (
        <>
          <TextField form={form} path={['name']} label="Name" isRequired />
          <Field form={form} path={PROVIDER} label="Provider" isRequired>
            <FormSelect
              id={idOf(PROVIDER)}
              value={String(form.at(PROVIDER))}
              onChange={(_event, provider) => form.set(['credentials'], { provider })}
            >
              {Object.entries(PROVIDERS).map(([value, label]) => (
                <FormSelectOption key={value} value={value} label={label} />
              ))}
            </FormSelect>
          </Field>
          <Credentials form={form} provider={form.at(PROVIDER) as CloudProviderName} />
          <p className="godwit-subtle">Credentials are sealed and never shown again{account && ': enter them anew'}.</p>
        </>
      )}
    </FormModal>
  );
}

function Credentials({ form, provider }: { form: Form<RegisterCloudAccount>; provider: CloudProviderName }) {
  const at = (field: string) => ({ form, path: ['credentials', field] });
  if (provider === 'AWS')
    return (
      <>
        <TextField {...at('accessKeyId')} label="Access key id" isOptional />
        <TextField {...at('secretAccessKey')} label="Secret access key" type="password" isOptional />
        <TextField
          {...at('roleArn')}
          label="Role to assume"
          help="With the keys, or alone by the identity of the service."
          isOptional
        />
        <TextField {...at('externalId')} label="External id" help="What the trust policy of the role asks for." isOptional />
      </>
    );
  if (provider === 'Azure')
    return (
      <>
        <TextField {...at('tenantId')} label="Tenant id" isRequired />
        <TextField {...at('subscriptionId')} label="Subscription id" isRequired />
        <TextField {...at('clientId')} label="Client id" help="Of the service principal." isRequired />
        <TextField {...at('clientSecret')} label="Client secret" type="password" help="Empty: by workload identity." isOptional />
      </>
    );
  return (
    <>
      <TextField {...at('projectId')} label="Project id" isRequired />
      <TextField {...at('serviceAccountEmail')} label="Service account" isRequired />
      <TextAreaField {...at('privateKey')} label="Private key in PEM" help="Or a workload identity provider." isOptional />
      <TextField {...at('workloadIdentityProvider')} label="Workload identity provider" isOptional />
    </>
  );
}
