import { useQuery } from '@tanstack/react-query';
import { labelsQuery, typesQuery } from '../api/cluster-offer.ts';
import { CheckField, SelectField, TextField } from '../forms/fields.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import { CopyFields } from './copy-fields.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { LabelSuggestions } from './label-suggestions.tsx';

/** Which objects, how their data is copied, and what becomes of a run that fails. */
export function AdvancedOptions({ form }: { form: DefinitionForm }) {
  const { sourceClusterId, selection } = filledIn(form);
  const { data: types } = useQuery(typesQuery(sourceClusterId));
  const { data: labels } = useQuery(labelsQuery(sourceClusterId));
  const names = (types?.items ?? []).map(({ name }) => name);
  return (
    <div className="godwit-fields">
      <TokensField
        form={form}
        path={['selection', 'resourceTypes']}
        label="Resource types"
        help="Only these. Empty: all."
        suggestions={names}
        placeholder="deployments.apps"
      />
      <TokensField
        form={form}
        path={['selection', 'excludeResourceTypes']}
        label="Excluded resource types"
        help="None of these."
        suggestions={names}
      />
      <TextField
        form={form}
        path={['selection', 'labels']}
        label="Labels"
        placeholder="app:web,api tier:shop"
        help="Several are all needed; a comma between values means or. Empty: all objects."
      />
      <LabelSuggestions
        labels={labels?.items ?? []}
        text={selection.labels}
        onAdd={(text) => form.set(['selection', 'labels'], text)}
      />
      <TokensField
        form={form}
        path={['selection', 'labelSelectors']}
        label="Label selectors"
        help="As kubectl takes them; an object needs to meet one of them, beside the labels above."
        placeholder="app in (web,api),tier!=test"
      />
      <CheckField
        form={form}
        path={['selection', 'includeDependencies']}
        label="What selected objects refer to comes along"
        help="Claims, configuration and accounts, whatever their labels."
      />
      <SelectField
        form={form}
        path={['selection', 'staticVolumes']}
        label="Volumes made by hand for a server on the network"
        options={[
          { value: 'Copy', label: 'Their data is copied' },
          { value: 'Recreate', label: 'The destination uses the same server' },
        ]}
        help="NFS and SMB, where nothing deletes the storage with the volume."
      />
      <CopyFields form={form} />
    </div>
  );
}
