import type { ClusterStatus } from '@godwit/contracts/calls';
import { Label, type LabelProps, Skeleton } from '@patternfly/react-core';
import QuestionIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import { useQuery } from '@tanstack/react-query';
import { clusterStatusQuery } from '../api/clusters.ts';

const LOOK: Record<ClusterStatus['state'], Pick<LabelProps, 'status' | 'color' | 'icon'>> = {
  Active: { status: 'success' },
  Unreachable: { status: 'danger' },
  Refused: { status: 'danger' },
  Unknown: { color: 'grey', icon: <QuestionIcon /> },
};

/** Whether a cluster answers now. */
export function ClusterState({ id }: { id: string }) {
  const { data, error } = useQuery(clusterStatusQuery(id));
  if (!data && !error) return <Skeleton width="6rem" screenreaderText="Asking the cluster" />;
  const state = data?.state ?? 'Unknown';
  return <Label {...LOOK[state]}>{state}</Label>;
}
