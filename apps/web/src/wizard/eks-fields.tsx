import type { EksDestination } from '@godwit/contracts/destination';
import { Checkbox } from '@patternfly/react-core';
import { Field, idOf, SelectField } from '../forms/fields.tsx';
import { OfferedField } from '../forms/offered-field.tsx';
import { TokensField, withErrorsBelow } from '../forms/tokens-field.tsx';
import { filledIn } from './definition-form.ts';
import type { ProviderFieldsProps } from './new-cluster.tsx';
import { NodePools, shapeText } from './node-pools.tsx';

const SUBNETS = ['destination', 'subnetIds'];

/** What a cluster of Amazon EKS needs beside its name and place. */
export function EksFields({ form, offer, isAsking }: ProviderFieldsProps) {
  const roles = (arns: readonly string[] | undefined) =>
    arns?.map((arn) => ({ value: arn, label: arn.slice(arn.indexOf(':role/') + 6) }));
  const role = { form, isAsking, placeholder: 'arn:aws:iam::123456789012:role/name' };
  const shapes = offer.instanceTypes ?? [];
  return (
    <>
      <Subnets form={form} offer={offer} isAsking={isAsking} />
      <TokensField
        form={form}
        path={['destination', 'securityGroupIds']}
        label="More security groups"
        help="Beside the one that EKS makes."
        placeholder="sg-0123456789abcdef0"
      />
      <OfferedField
        {...role}
        path={['destination', 'clusterRoleArn']}
        label="Role of the control plane"
        options={roles(offer.clusterRoles)}
        help="With AmazonEKSClusterPolicy."
        isRequired
      />
      <OfferedField
        {...role}
        path={['destination', 'nodeRoleArn']}
        label="Role of the nodes"
        options={roles(offer.nodeRoles)}
        help="With AmazonEKSWorkerNodePolicy, AmazonEKS_CNI_Policy and AmazonEC2ContainerRegistryPullOnly."
        isRequired
      />
      <OfferedField
        {...role}
        path={['destination', 'volumeRoleArn']}
        label="Role of the EBS CSI driver"
        options={undefined}
        help="Empty: a role is made, and deleted with the cluster."
        isAsking={false}
        isOptional
      />
      <NodePools form={form} type="EKS">
        {(path) => {
          const chosen = (form.at([...path, 'instanceTypes']) as readonly string[] | undefined) ?? [];
          const known = shapes.filter(({ name }) => chosen.includes(name)).map((shape) => `${shape.name}: ${shapeText(shape)}`);
          return (
            <>
              <TokensField
                form={form}
                path={[...path, 'instanceTypes']}
                label="Instance types"
                help={['The first that is to be had is taken; all of one architecture.', ...known].join(' ')}
                suggestions={shapes.map(({ name }) => name)}
                placeholder="m6i.large"
                isRequired
              />
              <SelectField
                form={form}
                path={[...path, 'capacityType']}
                label="Capacity"
                options={[
                  { value: 'ON_DEMAND', label: 'On demand' },
                  { value: 'SPOT', label: 'Spot: cheaper, and taken away at any time' },
                ]}
              />
            </>
          );
        }}
      </NodePools>
    </>
  );
}

/** Of one network, in two zones at least. */
function Subnets({ form, offer, isAsking }: ProviderFieldsProps) {
  const { subnetIds } = filledIn(form).destination as EksDestination;
  const props = {
    form,
    path: SUBNETS,
    label: 'Subnets',
    help: isAsking ? 'Asking the provider …' : 'Two or more of one network, in two availability zones at least.',
    isRequired: true,
  };
  const networks = offer.networks ?? [];
  if (networks.length === 0) return <TokensField {...props} placeholder="subnet-0123456789abcdef0" />;
  const offered = new Set(networks.flatMap(({ subnets }) => subnets.map(({ id }) => id)));
  const others = subnetIds.filter((id) => !offered.has(id));
  const elsewhere = {
    id: 'Not of this region',
    name: undefined,
    subnets: others.map((id) => ({ id, name: undefined, zone: '', cidr: '' })),
  };
  return (
    <Field {...props} form={withErrorsBelow(form)}>
      {[...networks, ...(others.length > 0 ? [elsewhere] : [])].map(({ id, name, subnets }) => (
        <fieldset key={id} className="godwit-heading">
          <legend className="godwit-subtle godwit-small">{name ? `${name} (${id})` : id}</legend>
          {subnets.map((subnet) => (
            <Checkbox
              key={subnet.id}
              id={idOf([...SUBNETS, subnet.id])}
              label={subnet.name ? `${subnet.name} (${subnet.id})` : subnet.id}
              description={[subnet.zone, subnet.cidr].filter(Boolean).join(', ')}
              isChecked={subnetIds.includes(subnet.id)}
              onChange={(_event, checked) =>
                form.set(SUBNETS, checked ? [...subnetIds, subnet.id] : subnetIds.filter((each) => each !== subnet.id))
              }
            />
          ))}
        </fieldset>
      ))}
    </Field>
  );
}
