import type { ClusterView } from '@godwit/contracts/api';
import type { ClusterStatus } from '@godwit/contracts/calls';
import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Gallery,
} from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useMay } from '../access/caller.ts';
import { clusterStatusQuery, clustersQuery, deleteCluster } from '../api/clusters.ts';
import { AppPage, Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { UnknownPage } from '../app/no-page.tsx';
import { Problem } from '../app/problem.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { MigrationsOfCluster } from '../migrations/migrations-of-cluster.tsx';
import { Panel } from '../run/panel.tsx';
import { RunsOfCluster } from '../runs/runs-of-cluster.tsx';
import { ClassesTable } from './classes-table.tsx';
import { ClusterForm } from './cluster-form.tsx';
import { ClusterState } from './cluster-state.tsx';
import { CreatedIn } from './created-in.tsx';
import { PreferredStorage } from './preferred-storage.tsx';

/** What a cluster is and has, and what migrates from and to it. */
export function ClusterPage() {
  const { id = '' } = useParams();
  const clusters = useQuery(clustersQuery);
  const cluster = clusters.data?.find((each) => each.id === id);
  if (clusters.data && !cluster) return <UnknownPage />;
  return (
    <AppPage
      title={cluster?.name ?? 'Cluster'}
      parent={{ path: '/clusters', title: 'Clusters' }}
      actions={cluster && <Actions cluster={cluster} />}
    >
      <Loaded what="the cluster" query={clusters}>
        {() => cluster && <Dashboard cluster={cluster} />}
      </Loaded>
    </AppPage>
  );
}

function Actions({ cluster }: { cluster: ClusterView }) {
  const [open, setOpen] = useState<'change' | 'delete'>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const close = () => setOpen(undefined);
  const mayRun = useMay('operator');
  const mayChange = useMay('admin');
  return (
    <>
      {mayRun && <ButtonLink to={`/migrations/new?source=${cluster.id}`}>Migrate from here</ButtonLink>}
      {mayChange && (
        <>
          <Button variant="secondary" onClick={() => setOpen('change')}>
            Change
          </Button>
          <Button variant="secondary" isDanger onClick={() => setOpen('delete')}>
            Delete
          </Button>
        </>
      )}
      {open === 'change' && <ClusterForm cluster={cluster} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDelete
          what="cluster"
          name={cluster.name}
          onClose={close}
          remove={async () => {
            await deleteCluster(cluster);
            navigate('/clusters');
            await queries.invalidateQueries({ queryKey: clustersQuery.queryKey });
          }}
        >
          Godwit forgets the cluster and its credentials. Nothing on the cluster itself is touched.
        </ConfirmDelete>
      )}
    </>
  );
}

function Dashboard({ cluster }: { cluster: ClusterView }) {
  const status = useQuery(clusterStatusQuery(cluster.id));
  return (
    <>
      <Panel
        title="State"
        actions={
          <Button variant="link" isInline isLoading={status.isFetching} onClick={() => status.refetch()}>
            Ask again
          </Button>
        }
      >
        <DescriptionList isHorizontal isCompact>
          <Row term="State">
            <ClusterState id={cluster.id} />
          </Row>
          <Row term="Address">
            <span className="godwit-break">{cluster.server}</span>
          </Row>
          {cluster.provider && (
            <Row term="Created in">
              <CreatedIn cluster={cluster} />
              {cluster.createdByRunId && (
                <>
                  {' '}
                  by <Link to={`/runs/${cluster.createdByRunId}`}>this run</Link>
                </>
              )}
            </Row>
          )}
          <Row term="Kubernetes">{status.data?.version ?? '—'}</Row>
          <Row term="Nodes">{status.data?.nodes ?? '—'}</Row>
          <Row term="Preferred storage">
            <PreferredStorage cluster={cluster} />
          </Row>
          <Row term="Runs at once">{cluster.maxConcurrentRuns}</Row>
          <Row term="Namespaces">{status.data?.namespaces?.length ?? '—'}</Row>
        </DescriptionList>
      </Panel>
      <Loaded what="the state of the cluster" query={status}>
        {(found) => <Found status={found} />}
      </Loaded>
      <MigrationsOfCluster id={cluster.id} />
      <RunsOfCluster id={cluster.id} />
    </>
  );
}

function Row({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

function Found({ status: { state, problem, storageClasses = [], snapshotClasses = [] } }: { status: ClusterStatus }) {
  return (
    <>
      {problem && <Problem finding={problem} />}
      {state === 'Active' && (
        <Gallery hasGutter minWidths={{ default: '100%', lg: '45%' }}>
          <ClassesTable
            title="Storage classes"
            of="Provisioner"
            none="The cluster has no storage class: volumes cannot be made there."
            classes={storageClasses.map(({ name, provisioner, isDefault }) => ({ name, by: provisioner, isDefault }))}
          />
          <ClassesTable
            title="Snapshot classes"
            of="Driver"
            none="The cluster has no snapshot class: volumes cannot be snapshotted there."
            classes={snapshotClasses.map(({ name, driver, isDefault }) => ({ name, by: driver, isDefault }))}
          />
        </Gallery>
      )}
    </>
  );
}
