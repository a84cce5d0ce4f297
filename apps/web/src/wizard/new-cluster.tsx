import type { CloudAccountView } from '@godwit/contracts/api';
import type { CloudOptions } from '@godwit/contracts/calls';
import { PROVIDER_OF } from '@godwit/contracts/cloud-accounts';
import type { CreatedDestination } from '@godwit/contracts/destination';
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { cloudOptionsQuery } from '../api/cloud-accounts.ts';
import { Problem } from '../app/problem.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { SelectField, TextField } from '../forms/fields.tsx';
import { OfferedField } from '../forms/offered-field.tsx';
import { AksFields } from './aks-fields.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { EksFields } from './eks-fields.tsx';
import { GkeFields } from './gke-fields.tsx';
import { PLACE } from './new-destination.ts';
import { Suggestion } from './suggestion.tsx';

/** The parts of a new cluster that are its provider's own. */
export interface ProviderFieldsProps {
  form: DefinitionForm;
  /** What the account offers there; nothing until it is asked, and of what it may not list. */
  offer: Partial<CloudOptions>;
  isAsking: boolean;
}

const at = (field: string) => ['destination', field];
const asOptions = (values: readonly string[] | undefined) => values?.map((value) => ({ value, label: value }));

/** From what the cluster is made that a migration goes to. */
export function NewCluster({ form, accounts }: { form: DefinitionForm; accounts: readonly CloudAccountView[] }) {
  const destination = filledIn(form).destination as CreatedDestination;
  const { type, cloudAccountId } = destination;
  const place = PLACE[type];
  const chosen = String(form.at(at(place.field)) ?? '');
  const regions = useQuery(cloudOptionsQuery(cloudAccountId, ''));
  const isWhole = form.errors.every(({ path }) => path[0] !== 'destination' || path[1] !== place.field);
  const there = useQuery({ ...cloudOptionsQuery(cloudAccountId, chosen), enabled: chosen !== '' && isWhole });
  const asked = there.data ?? regions.data;
  const isAsking = there.isFetching && there.data === undefined;
  const own = accounts.filter(({ provider }) => provider === PROVIDER_OF[type]);
  const Own = type === 'EKS' ? EksFields : type === 'AKS' ? AksFields : GkeFields;
  return (
    <>
      <SelectField
        form={form}
        path={at('cloudAccountId')}
        label="Cloud account"
        options={own.map(({ id, name, identity }) => ({ value: id, label: `${name} (${identity})` }))}
        none="Choose one"
        isRequired
      />
      <TextField
        form={form}
        path={at('name')}
        label="Name of the new cluster"
        help="In the cloud, and among the registered clusters."
        isRequired
      />
      {[regions, there].map(
        ({ error, refetch }, index) =>
          error && (
            <RequestProblem
              key={index === 0 ? 'regions' : 'there'}
              doing="Cannot ask what the account offers"
              error={error}
              onRetry={() => refetch()}
            />
          ),
      )}
      {asked?.problems.map((finding) => (
        <Problem key={`${finding.reason}-${finding.message}`} finding={finding} />
      ))}
      {asked && asked.problems.length > 0 && (
        <Button variant="link" isInline onClick={() => Promise.all([regions.refetch(), there.data && there.refetch()])}>
          Ask the provider again
        </Button>
      )}
      <OfferedField
        form={form}
        path={at(place.field)}
        label={place.label}
        options={asOptions(regions.data?.regions)}
        isAsking={regions.isFetching && regions.data === undefined}
        placeholder={place.placeholder}
        help={chosen === '' ? 'What there is to choose from below depends on it.' : undefined}
        isRequired
      />
      <Suggestion form={form} place={isWhole ? chosen : ''} />
      <OfferedField
        form={form}
        path={at('version')}
        label="Kubernetes version"
        options={asOptions(there.data?.versions)}
        isAsking={isAsking}
        placeholder="1.34"
        isRequired
      />
      <Own form={form} offer={there.data ?? {}} isAsking={isAsking} />
    </>
  );
}
