import type { ClusterView } from '@godwit/contracts/api';
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay } from '../access/caller.ts';
import { clusterStatusQuery, clustersQuery } from '../api/clusters.ts';
import { AppPage } from '../app/app-page.tsx';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { ClusterForm } from './cluster-form.tsx';
import { ClusterState } from './cluster-state.tsx';
import { CreatedIn } from './created-in.tsx';

/** The registered clusters, each asked how it is. */
export function ClustersPage() {
  const clusters = useQuery(clustersQuery);
  const [isRegistering, setRegistering] = useState(false);
  const navigate = useNavigate();
  const mayChange = useMay('admin');
  const register = mayChange && <Button onClick={() => setRegistering(true)}>Register a cluster</Button>;
  return (
    <AppPage title="Clusters" actions={clusters.data?.length ? register : undefined}>
      <ManagedList
        what="the clusters"
        label="Clusters"
        query={clusters}
        columns={COLUMNS}
        empty={
          <NothingYet title="No cluster yet" action={register}>
            Register the cluster that applications are to leave, and the one that they are to go to.
            {!mayChange && ' An administrator can do that.'}
          </NothingYet>
        }
      />
      {isRegistering && <ClusterForm onClose={() => setRegistering(false)} onSaved={(id) => navigate(`/clusters/${id}`)} />}
    </AppPage>
  );
}

const COLUMNS: Column<ClusterView>[] = [
  { title: 'Name', cell: ({ id, name }) => <Link to={`/clusters/${id}`}>{name}</Link> },
  { title: 'State', cell: ({ id }) => <ClusterState id={id} /> },
  { title: 'Kubernetes', cell: ({ id }) => <Fact id={id} fact="version" /> },
  { title: 'Nodes', cell: ({ id }) => <Fact id={id} fact="nodes" /> },
  { title: 'Created in', cell: (cluster) => <CreatedIn cluster={cluster} /> },
  { title: 'Address', cell: ({ server }) => server },
];

function Fact({ id, fact }: { id: string; fact: 'version' | 'nodes' }) {
  const { data } = useQuery(clusterStatusQuery(id));
  return data?.[fact] ?? '—';
}
