import { Button } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay } from '../access/caller.ts';
import { clusterStatusQuery, clustersQuery } from '../api/clusters.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ClusterForm } from './cluster-form.tsx';
import { ClusterState } from './cluster-state.tsx';

/** The registered clusters, each asked how it is. */
export function ClustersPage() {
  const clusters = useQuery(clustersQuery);
  const [isRegistering, setRegistering] = useState(false);
  const navigate = useNavigate();
  const mayChange = useMay('admin');
  const register = mayChange && <Button onClick={() => setRegistering(true)}>Register a cluster</Button>;
  return (
    <AppPage title="Clusters" actions={clusters.data?.length ? register : undefined}>
      <Loaded what="the clusters" query={clusters}>
        {(items) =>
          items.length === 0 ? (
            <NothingYet title="No cluster yet" action={register}>
              Register the cluster that applications are to leave, and the one that they are to go to.
              {!mayChange && ' An administrator can do that.'}
            </NothingYet>
          ) : (
            <Table aria-label="Clusters" variant="compact">
              <Thead>
                <Tr>
                  <Th>Name</Th>
                  <Th>State</Th>
                  <Th>Kubernetes</Th>
                  <Th>Nodes</Th>
                  <Th>Address</Th>
                </Tr>
              </Thead>
              <Tbody>
                {items.map(({ id, name, server }) => (
                  <Tr key={id}>
                    <Td dataLabel="Name" modifier="breakWord">
                      <Link to={`/clusters/${id}`}>{name}</Link>
                    </Td>
                    <Td dataLabel="State">
                      <ClusterState id={id} />
                    </Td>
                    <Facts id={id} />
                    <Td dataLabel="Address" modifier="breakWord">
                      {server}
                    </Td>
                  </Tr>
                ))}
              </Tbody>
            </Table>
          )
        }
      </Loaded>
      {isRegistering && <ClusterForm onClose={() => setRegistering(false)} onSaved={(id) => navigate(`/clusters/${id}`)} />}
    </AppPage>
  );
}

function Facts({ id }: { id: string }) {
  const { data } = useQuery(clusterStatusQuery(id));
  return (
    <>
      <Td dataLabel="Kubernetes">{data?.version ?? '—'}</Td>
      <Td dataLabel="Nodes">{data?.nodes ?? '—'}</Td>
    </>
  );
}
