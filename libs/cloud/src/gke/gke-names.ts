import type { GkeDestination } from '@godwit/contracts/destination';
import { MANAGED_BY } from '@godwit/contracts/labels';

/** Labels of Google Cloud have neither dots nor slashes, so that those of Kubernetes do not fit. */
export const GCP_RUN_LABEL = 'godwit-run';
export const labelsOf = (runId: string) => ({ 'managed-by': MANAGED_BY, [GCP_RUN_LABEL]: runId });

export const locationPath = (projectId: string, { location }: Pick<GkeDestination, 'location'>) =>
  `projects/${projectId}/locations/${location}`;
export const clusterPath = (projectId: string, destination: Pick<GkeDestination, 'location' | 'name'>) =>
  `${locationPath(projectId, destination)}/clusters/${destination.name}`;

/** @param location a region, or a zone, which bears the name of its region */
export const regionOf = (location: string) => location.replace(/-[a-z]$/, '');
export const lastSegment = (url: string | null | undefined) => url?.split('/').at(-1) ?? '';
