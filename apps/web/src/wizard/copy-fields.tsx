import { useQuery } from '@tanstack/react-query';
import { namespacesQuery } from '../api/cluster-offer.ts';
import { clusterStatusQuery } from '../api/clusters.ts';
import { ClassMapField } from '../forms/class-map-field.tsx';
import { CheckField, NumberField } from '../forms/fields.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import { classesInUse } from './classes-in-use.ts';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { StorageField } from './storage-field.tsx';

/** How the data is copied, what is kept of it, and what becomes of a run that fails. */
export function CopyFields({ form }: { form: DefinitionForm }) {
  const { sourceClusterId } = filledIn(form);
  const { data: status } = useQuery({ ...clusterStatusQuery(sourceClusterId), enabled: sourceClusterId !== '' });
  const classes = status?.storageClasses ?? [];
  return (
    <>
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
      <NumberField
        form={form}
        path={['copy', 'quiesceTimeoutSeconds']}
        label="Timeout of a cut-over's stop in seconds"
        help="How long the pods of the source may take to stop when it is cut over."
        isRequired
      />
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
      <TokensField
        form={form}
        path={['copy', 'live', 'storageClasses']}
        label="Storage classes copied live"
        help="Volumes of their claims are read as they are, not from a snapshot."
        suggestions={classes.map(({ name }) => name)}
      />
      <TokensField
        form={form}
        path={['copy', 'live', 'drivers']}
        label="CSI drivers copied live"
        suggestions={[...new Set(classes.map(({ provisioner }) => provisioner))]}
        placeholder="driver.longhorn.io"
      />
      <TemporaryClasses form={form} />
      <TokensField
        form={form}
        path={['copy', 'readOnlyStorageClasses']}
        label="Storage classes whose snapshots are mounted read-only"
        help="Where the driver can show a snapshot without copying it. CephFS does so by itself; block volumes never do."
        suggestions={classes.map(({ name }) => name)}
      />
      <SnapshotClasses form={form} />
      <NumberField
        form={form}
        path={['retention', 'archive', 'successHours']}
        label="Hours that the archive is kept"
        placeholder="as the settings say"
        help="After a run that succeeded. 0: it is deleted as soon as the run ends."
      />
      <NumberField
        form={form}
        path={['retention', 'archive', 'failureHours']}
        label="Hours that the archive of a failed run is kept"
        placeholder="as the settings say"
        help="Of a cancelled one too, from when it is cleaned up."
      />
      <NumberField
        form={form}
        path={['onFailure', 'holdMinutes']}
        label="Hold a failed run for so many minutes"
        help="So long it keeps what it has and can be retried from the failed step. 0: it is cleaned up at once."
        isRequired
      />
    </>
  );
}

function TemporaryClasses({ form }: { form: DefinitionForm }) {
  const { sourceClusterId, selection, copy } = filledIn(form);
  const { data: status } = useQuery({ ...clusterStatusQuery(sourceClusterId), enabled: sourceClusterId !== '' });
  const { data: namespaces } = useQuery(namespacesQuery(sourceClusterId));
  const classes = status?.storageClasses ?? [];
  // Also those that were mapped and are in use no more, or not known to be.
  const inUse = classesInUse(namespaces?.items ?? [], selection);
  const names = [...new Set([...inUse, ...Object.keys(copy.temporaryStorageClasses ?? {})])].sort();
  return (
    <ClassMapField
      form={form}
      path={['copy', 'temporaryStorageClasses']}
      label="Storage class of snapshots while they are copied"
      help="For fewer replicas or cheaper disks; of the same driver."
      none="The storage classes in use are shown here when the source answers."
      rows={names.map((name) => {
        const driver = classes.find((each) => each.name === name)?.provisioner;
        const same = classes.filter((each) => each.provisioner === driver && each.name !== name);
        return { name, unmapped: 'The same', options: same.map((each) => ({ value: each.name, label: each.name })) };
      })}
    />
  );
}

function SnapshotClasses({ form }: { form: DefinitionForm }) {
  const { sourceClusterId, copy } = filledIn(form);
  const { data: status } = useQuery({ ...clusterStatusQuery(sourceClusterId), enabled: sourceClusterId !== '' });
  const classes = status?.snapshotClasses ?? [];
  const drivers = [...new Set([...classes.map(({ driver }) => driver), ...Object.keys(copy.snapshotClasses ?? {})])].sort();
  return (
    <ClassMapField
      form={form}
      path={['copy', 'snapshotClasses']}
      label="Volume snapshot classes"
      help="Of each CSI driver, the class by which snapshots are taken."
      none="The CSI drivers with snapshots are shown here when the source answers."
      rows={drivers.map((name) => ({
        name,
        unmapped: 'Its default class, or the first by name',
        options: classes.filter(({ driver }) => driver === name).map((each) => ({ value: each.name, label: each.name })),
      }))}
    />
  );
}
