import { CREATABLE, PROVIDER_OF } from '@godwit/contracts/cloud-accounts';
import type { CloudClusterType, Destination } from '@godwit/contracts/destination';
import { Content, Radio } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link } from 'react-router';
import { cloudAccountsQuery } from '../api/cloud-accounts.ts';
import { clustersQuery } from '../api/clusters.ts';
import { Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { Field } from '../forms/fields.tsx';
import { ClusterChoice } from './cluster-choice.tsx';
import { type DefinitionForm, destinationId, filledIn } from './definition-form.ts';
import { NewCluster } from './new-cluster.tsx';
import { newDestination } from './new-destination.ts';

const PATH = ['destination', 'clusterId'];
const TYPE = ['destination', 'type'];

const DESCRIPTIONS: Record<CloudClusterType, string> = {
  EKS: 'Amazon Elastic Kubernetes Service.',
  AKS: 'Azure Kubernetes Service.',
  GKE: 'Google Kubernetes Engine.',
};

/** Where the application is to go: to a cluster that is there, or one that is made for it. */
export function DestinationStep({ form }: { form: DefinitionForm }) {
  const accounts = useQuery(cloudAccountsQuery);
  const { destination } = filledIn(form);
  // What was filled in for one kind is there again when one comes back to it.
  const left = useRef(new Map<string, Destination>());
  const choose = (type: Destination['type'], fresh: () => object) => {
    left.current.set(destination.type, destination);
    form.set(['destination'], left.current.get(type) ?? fresh());
  };
  return (
    <Loaded what="the cloud accounts" query={accounts}>
      {(all) => {
        const accountsOf = (type: CloudClusterType) => all.filter(({ provider }) => provider === PROVIDER_OF[type]);
        const creatable = CREATABLE.filter((type) => accountsOf(type).length > 0 || destination.type === type);
        return (
          <>
            <Field form={form} path={TYPE} label="Destination">
              <Radio
                id="destination-registered"
                name="destination-type"
                label="A registered cluster"
                isChecked={destination.type === 'Registered'}
                onChange={() => choose('Registered', () => ({ type: 'Registered', clusterId: '' }))}
              />
              {creatable.map((type) => (
                <Radio
                  key={type}
                  id={`destination-${type}`}
                  name="destination-type"
                  label={`A new ${type} cluster`}
                  description={`${DESCRIPTIONS[type]} It is created when the migration runs, and stays.`}
                  isChecked={destination.type === type}
                  onChange={() => choose(type, () => newDestination(type, only(accountsOf(type))?.id ?? ''))}
                />
              ))}
            </Field>
            {creatable.length === 0 && (
              <p className="godwit-subtle">
                With a <Link to="/cloud-accounts">cloud account</Link>, a new cluster of {CREATABLE.join(' or ')} can be created
                too.
              </p>
            )}
            {destination.type === 'Registered' ? (
              <RegisteredClusters form={form} />
            ) : (
              <NewCluster key={destination.type} form={form} accounts={all} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function RegisteredClusters({ form }: { form: DefinitionForm }) {
  const clusters = useQuery(clustersQuery);
  const { sourceClusterId } = filledIn(form);
  return (
    <Loaded what="the clusters" query={clusters}>
      {(items) => {
        const others = items.filter(({ id }) => id !== sourceClusterId);
        return others.length === 0 ? (
          <NothingYet title="No other cluster yet" action={<ButtonLink to="/clusters">Register clusters</ButtonLink>}>
            <Content component="p">The destination is another registered cluster than the source.</Content>
          </NothingYet>
        ) : (
          <ClusterChoice
            label="Destination cluster"
            name="destination"
            clusters={others}
            chosen={destinationId(form)}
            onChoose={(clusterId) => form.set(PATH, clusterId)}
            error={form.errorOf(PATH)}
          />
        );
      }}
    </Loaded>
  );
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
