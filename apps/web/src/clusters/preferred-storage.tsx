import type { ClusterView } from '@godwit/contracts/api';
import type { ArchiveStorage } from '@godwit/contracts/archive-storage';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../access/caller.ts';
import { clustersQuery, updateCluster } from '../api/clusters.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { StorageSelect } from '../storage/storage-select.tsx';

/** Where archives of migrations from a cluster lie that say nothing else; chosen at once. */
export function PreferredStorage({ cluster }: { cluster: ClusterView }) {
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const choose = useMutation({
    mutationFn: (storage: ArchiveStorage | undefined) => updateCluster(cluster, { preferences: { storage: storage ?? null } }),
    onSettled: () => queries.invalidateQueries({ queryKey: clustersQuery.queryKey }),
  });
  return (
    <>
      <StorageSelect
        aria-label="Preferred storage"
        isDisabled={!mayChange || choose.isPending}
        chosen={cluster.preferences.storage}
        none="None: each migration has to say"
        onChoose={(storage) => choose.mutate(storage)}
      />
      {choose.error && <RequestProblem doing="Not saved" error={choose.error} />}
    </>
  );
}
