import type { GkeDestination } from '@godwit/contracts/destination';
import { OfferedField } from '../forms/offered-field.tsx';
import { filledIn } from './definition-form.ts';
import type { ProviderFieldsProps } from './new-cluster.tsx';
import { NodePools, shapeText } from './node-pools.tsx';

/** What a cluster of Google Kubernetes Engine needs beside its name and place. */
export function GkeFields({ form, offer, isAsking }: ProviderFieldsProps) {
  const { network } = filledIn(form).destination as GkeDestination;
  const subnets = offer.networks?.find(({ id, name }) => id === network || name === network)?.subnets;
  return (
    <>
      <OfferedField
        form={form}
        path={['destination', 'network']}
        label="Network"
        options={offer.networks?.map(({ id, name }) => ({ value: id, label: name ?? id }))}
        isAsking={isAsking}
        isRequired
      />
      <OfferedField
        form={form}
        path={['destination', 'subnetwork']}
        label="Subnetwork"
        options={subnets?.map(({ id, name, cidr }) => ({ value: id, label: `${name ?? id} (${cidr})` }))}
        isAsking={isAsking}
        none="The network's own in the region"
        isOptional
      />
      <OfferedField
        form={form}
        path={['destination', 'serviceAccount']}
        label="Service account of the nodes"
        help="None: the project's default account."
        options={offer.nodeRoles?.map((email) => ({ value: email, label: email }))}
        isAsking={isAsking}
        none="The project's default account"
        placeholder="nodes@project.iam.gserviceaccount.com"
        isOptional
      />
      <NodePools form={form} type="GKE">
        {(path) => (
          <OfferedField
            form={form}
            path={[...path, 'machineType']}
            label="Machine type"
            options={offer.instanceTypes?.map((shape) => ({ value: shape.name, label: `${shape.name} (${shapeText(shape)})` }))}
            isAsking={isAsking}
            placeholder="e2-standard-4"
            isRequired
          />
        )}
      </NodePools>
    </>
  );
}
