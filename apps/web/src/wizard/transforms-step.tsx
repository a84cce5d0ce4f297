import { CLOUD_STORAGE_CLASS } from '@godwit/contracts/cloud-storage-class';
import { ExpandableSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { namespacesQuery } from '../api/cluster-offer.ts';
import { clusterStatusQuery } from '../api/clusters.ts';
import { ClassMapField } from '../forms/class-map-field.tsx';
import { CheckField, TextField } from '../forms/fields.tsx';
import { PairsField } from '../forms/pairs-field.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import { classesInUse } from './classes-in-use.ts';
import { type DefinitionForm, destinationId, filledIn } from './definition-form.ts';
import { Rules } from './rules.tsx';

/** What changes on the way. */
export function TransformsStep({ form }: { form: DefinitionForm }) {
  return (
    <>
      <TextField
        form={form}
        path={['transforms', 'renameNamespaces', 'prefix']}
        label="Prefix of namespaces"
        help="Every reference follows. Empty: names stay."
      />
      <TextField
        form={form}
        path={['transforms', 'renameNamespaces', 'suffix']}
        label="Suffix of namespaces"
        placeholder="-dev"
      />
      <PairsField
        form={form}
        path={['transforms', 'renameNamespaces', 'map']}
        label="Other names for namespaces"
        from="Namespace"
        to="Becomes"
        help="Prefix and suffix do not apply to these."
      />
      <StorageClasses form={form} />
      <CheckField
        form={form}
        path={['transforms', 'preserveNodePorts']}
        label="Preserve node ports"
        help="Those too that the cluster assigned by itself. Those assigned by hand are always kept."
      />
      <CheckField
        form={form}
        path={['transforms', 'overwriteExisting']}
        label="Overwrite existing resources"
        help="What is there already becomes as on the source. What is in existing volumes is never touched."
      />
      <ExpandableSection toggleText="More transforms" isIndented toggleId="transforms-toggle" contentId="transforms-content">
        <div className="godwit-fields">
          <CheckField
            form={form}
            path={['transforms', 'rewriteText']}
            label="Rewrite names of Services in free text"
            help="Of renamed namespaces, in environment, arguments and ConfigMaps. Off: they are reported."
          />
          <Rules form={form} />
          <TokensField
            form={form}
            path={['transforms', 'keepFinalizers']}
            label="Finalizers to keep"
            help="Their controllers run on the destination. Others are dropped and reported."
          />
          <TokensField form={form} path={['transforms', 'restoreStatus']} label="Types whose status is restored" />
        </div>
      </ExpandableSection>
    </>
  );
}

/** @param destination the type of a cluster that is to come, or the state of one that is there */
function warningOf(name: string, destination: string | undefined): string | undefined {
  if (destination === 'Active') return `The destination has no class ${name}: volumes could not be made there.`;
  if (destination && destination in CLOUD_STORAGE_CLASS)
    return `A new ${destination} cluster may have no class ${name}: its default class is taken then.`;
  return undefined;
}

function StorageClasses({ form }: { form: DefinitionForm }) {
  const { sourceClusterId, selection, destination: chosen } = filledIn(form);
  const destination = destinationId(form);
  const isToCome = chosen.type !== 'Registered';
  const { data: namespaces } = useQuery(namespacesQuery(sourceClusterId));
  const { data: status } = useQuery({ ...clusterStatusQuery(destination), enabled: destination !== '' });
  const there = isToCome ? [CLOUD_STORAGE_CLASS[chosen.type]] : (status?.storageClasses ?? []);
  const mapped = Object.keys((form.at(['transforms', 'storageClasses']) as object | undefined) ?? {});
  const rows = [...new Set([...classesInUse(namespaces?.items ?? [], selection), ...mapped])].map((name) => {
    const isThere = there.some((each) => each.name === name);
    return {
      name,
      unmapped: 'The same name',
      warning: isThere ? undefined : warningOf(name, isToCome ? chosen.type : status?.state),
      options: [
        { value: '', label: 'The default class' },
        ...there.map(({ name: value, provisioner }) => ({ value, label: `${value} (${provisioner})` })),
      ],
    };
  });
  return (
    <ClassMapField
      form={form}
      path={['transforms', 'storageClasses']}
      label="Storage classes"
      help="Those of the selected claims, and what they become."
      none="The storage classes in use are shown here when the source answers; until then they stay as they are."
      rows={rows}
    />
  );
}
