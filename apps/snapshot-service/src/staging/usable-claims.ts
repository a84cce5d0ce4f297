import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** @returns name -> uid of the staged claims that still have their volume: none that is being deleted, or has lost it */
export function usableClaims(claims: readonly KubernetesObject[]): Map<string, string> {
  const isUsable = ({ metadata, status }: KubernetesObject) =>
    !metadata.deletionTimestamp && (status as { phase?: string } | undefined)?.phase !== 'Lost';
  return new Map(claims.filter(isUsable).map(({ metadata }) => [metadata.name, metadata.uid ?? '']));
}
