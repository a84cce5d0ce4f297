import { OfferedField } from '../forms/offered-field.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import type { ProviderFieldsProps } from './new-cluster.tsx';
import { NodePools, shapeText } from './node-pools.tsx';

/** What a cluster of Azure Kubernetes Service needs beside its name and place. */
export function AksFields({ form, offer, isAsking }: ProviderFieldsProps) {
  const { resourceGroups } = offer as { resourceGroups?: readonly { name: string; location: string }[] };
  const subnets = offer.networks?.flatMap(({ id, name, subnets: own }) =>
    own.map((subnet) => ({ value: subnet.id, label: `${subnet.name ?? subnet.id} of ${name ?? id} (${subnet.cidr})` })),
  );
  return (
    <>
      <OfferedField
        form={form}
        path={['destination', 'resourceGroup']}
        label="Resource group"
        help="It has to be there."
        options={resourceGroups?.map(({ name, location }) => ({ value: name, label: `${name} (${location})` }))}
        isAsking={isAsking}
        isRequired
      />
      <OfferedField
        form={form}
        path={['destination', 'subnetId']}
        label="Subnet of the nodes"
        help="Its resource id. None: AKS makes a network."
        options={subnets}
        isAsking={isAsking}
        none="A network that AKS makes"
        isOptional
      />
      <NodePools form={form} type="AKS">
        {(path) => (
          <>
            <OfferedField
              form={form}
              path={[...path, 'vmSize']}
              label="Size of the machines"
              options={offer.instanceTypes?.map((shape) => ({ value: shape.name, label: `${shape.name} (${shapeText(shape)})` }))}
              isAsking={isAsking}
              placeholder="Standard_D4s_v5"
              isRequired
            />
            <TokensField
              form={form}
              path={[...path, 'zones']}
              label="Availability zones"
              help="Empty: none in particular."
              suggestions={['1', '2', '3']}
            />
          </>
        )}
      </NodePools>
    </>
  );
}
