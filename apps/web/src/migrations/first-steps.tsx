import { ProgressStep, ProgressStepper } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { cloudAccountsQuery } from '../api/cloud-accounts.ts';
import { clustersQuery } from '../api/clusters.ts';
import { managedStorageQuery, objectStoresQuery } from '../api/object-stores.ts';

/** What has to be there before a migration can be defined, and what of it is. */
export function FirstSteps() {
  const clusters = useQuery(clustersQuery).data?.length ?? 0;
  const accounts = useQuery(cloudAccountsQuery).data?.length ?? 0;
  const stores = useQuery(objectStoresQuery).data?.length ?? 0;
  const managed = useQuery(managedStorageQuery).data?.length ?? 0;
  const steps = [
    { title: 'Register the source cluster', to: '/clusters', isDone: clusters > 0, of: 'where the application is now' },
    {
      title: 'Register the destination',
      to: '/clusters',
      isDone: clusters > 1 || accounts > 0,
      of: 'another cluster, or a cloud account in which one is created',
    },
    { title: 'Register storage', to: '/storage', isDone: stores + managed > 0, of: 'a bucket that both clusters reach' },
    { title: 'Define the migration', to: '/migrations/new', isDone: false, of: 'preview it before anything is touched' },
  ];
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <ProgressStepper isVertical aria-label="First steps" className="godwit-first-steps">
      {steps.map(({ title, to, isDone, of }, index) => (
        <ProgressStep
          key={title}
          id={`first-step-${index}`}
          titleId={`first-step-title-${index}`}
          variant={isDone ? 'success' : index === next ? 'info' : 'pending'}
          isCurrent={index === next}
          description={of}
          aria-label={`${title}: ${isDone ? 'done' : 'to be done'}`}
        >
          <Link to={to}>{title}</Link>
        </ProgressStep>
      ))}
    </ProgressStepper>
  );
}
