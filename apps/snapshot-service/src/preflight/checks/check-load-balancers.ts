import type { Finding } from '@godwit/contracts/findings';
import type { DestinationFacts } from '../facts/facts.ts';
import type { Check } from './check.ts';

/** Custom resources that well-known load balancers of clusters without a cloud bring. */
const PROVIDERS = ['metallb.io', 'loxilb.io', 'kube-vip.io', 'cilium.io', 'network.openshift.io', 'purelb.io'];

/** LoadBalancer Services get another address (rule 10), if anything gives them one. */
export const checkLoadBalancers: Check = ({ source, destination }) => {
  const balanced = source.services.filter(({ type }) => type === 'LoadBalancer');
  const hasProvider = givesAddresses(destination);
  return balanced.map(
    ({ object, loadBalancerClass }): Finding =>
      hasProvider
        ? {
            severity: 'note',
            reason: 'LoadBalancerAddress',
            cluster: destination.name,
            object,
            message: 'it gets another address on the destination',
            cure: 'Change the DNS records and firewalls that know the old one.',
          }
        : {
            severity: 'warning',
            reason: 'LoadBalancerProviderNotSeen',
            cluster: destination.name,
            object,
            message: `nothing was seen on the destination that gives LoadBalancer Services${loadBalancerClass ? ` of class "${loadBalancerClass}"` : ''} an address`,
            cure: 'Install one, or change the type of the Service by a resource modifier.',
          },
  );
};

function givesAddresses({ services, nodes, definitions }: DestinationFacts): boolean {
  return (
    services.some(({ type, hasAddress }) => type === 'LoadBalancer' && hasAddress) ||
    nodes.some(({ isOfCloud }) => isOfCloud) ||
    definitions.some(({ group }) => PROVIDERS.includes(group))
  );
}
