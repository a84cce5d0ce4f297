import { useQuery } from '@tanstack/react-query';
import { labelsQuery, namespacesQuery, typesQuery } from '../api/cluster-offer.ts';
import { clusterStatusQuery } from '../api/clusters.ts';
import { ClassMapField } from '../forms/class-map-field.tsx';
import { CheckField, NumberField, TextField } from '../forms/fields.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import { classesInUse } from './classes-in-use.ts';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { LabelSuggestions } from './label-suggestions.tsx';
import { StorageField } from './storage-field.tsx';

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
      <StorageField form={form} />
      <NumberField
        form={form}
        path={['copy', 'concurrentStreams']}
        label="Concurrent streams"
        help="1 to 16, between the clusters and the storage."
        isRequired
      />
      <NumberField
        form={form}
        path={['copy', 'maxSpeedPerStreamMBps']}
        label="Max speed per stream in MB per second"
        placeholder="unlimited"
      />
      <NumberField form={form} path={['copy', 'moverPodTimeoutSeconds']} label="Data mover pod timeout in seconds" isRequired />
      <NumberField form={form} path={['copy', 'snapshotTimeoutSeconds']} label="CSI snapshot timeout in seconds" isRequired />
      <CheckField
        form={form}
        path={['copy', 'excludeUnattachedPvcs']}
        label="Exclude unattached PVCs"
        help="Those that no pod uses."
      />
      <CheckField
        form={form}
        path={['copy', 'live', 'longhorn']}
        label="Copy from live Longhorn PVs"
        help="Faster, but what is copied is not of one moment: let app hooks bring the application to rest."
      />
      <CheckField
        form={form}
        path={['copy', 'live', 'withoutSnapshots']}
        label="Copy volumes live that cannot be snapshotted"
        help="NFS, local disks, drivers without a snapshot class. Off: such volumes stop the run before anything is touched."
      />
      <TemporaryClasses form={form} />
      <NumberField
        form={form}
        path={['retention', 'archive', 'successHours']}
        label="Hours that the archive is kept"
        placeholder="as the settings say"
        help="After a run that succeeded. 0: it is deleted as soon as the run ends."
      />
      <NumberField
        form={form}
        path={['onFailure', 'holdMinutes']}
        label="Hold a failed run for so many minutes"
        help="So long it keeps what it has and can be retried from the failed step. 0: it is cleaned up at once."
        isRequired
      />
    </div>
  );
}

function TemporaryClasses({ form }: { form: DefinitionForm }) {
  const { sourceClusterId, selection } = filledIn(form);
  const { data: status } = useQuery(clusterStatusQuery(sourceClusterId));
  const { data: namespaces } = useQuery(namespacesQuery(sourceClusterId));
  const classes = status?.storageClasses ?? [];
  return (
    <ClassMapField
      form={form}
      path={['copy', 'temporaryStorageClasses']}
      label="Storage class of snapshots while they are copied"
      help="For fewer replicas or cheaper disks; of the same driver."
      none="The storage classes in use are shown here when the source answers."
      rows={classesInUse(namespaces?.items ?? [], selection).map((name) => {
        const driver = classes.find((each) => each.name === name)?.provisioner;
        const same = classes.filter((each) => each.provisioner === driver && each.name !== name);
        return { name, unmapped: 'The same', options: same.map((each) => ({ value: each.name, label: each.name })) };
      })}
    />
  );
}
