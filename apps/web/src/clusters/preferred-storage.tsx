import type { ClusterView } from '@godwit/contracts/api';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../access/caller.ts';
import { clustersQuery, updateCluster } from '../api/clusters.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { keyOfStorage, useStorageOptions } from '../storage/storage-choice.ts';

/** Where archives of migrations from a cluster lie that say nothing else; chosen at once. */
export function PreferredStorage({ cluster }: { cluster: ClusterView }) {
  const options = useStorageOptions();
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const choose = useMutation({
    mutationFn: (chosen: string) =>
      updateCluster(cluster, { preferences: { storage: options.find(({ key }) => key === chosen)?.storage ?? null } }),
    onSettled: () => queries.invalidateQueries({ queryKey: clustersQuery.queryKey }),
  });
  return (
    <>
      <FormSelect
        aria-label="Preferred storage"
        isDisabled={!mayChange || choose.isPending}
        value={keyOfStorage(cluster.preferences.storage)}
        onChange={(_event, chosen) => choose.mutate(chosen)}
      >
        <FormSelectOption value="" label="None: each migration has to say" />
        {options.map(({ key, label }) => (
          <FormSelectOption key={key} value={key} label={label} />
        ))}
      </FormSelect>
      {choose.error && <RequestProblem doing="Not saved" error={choose.error} />}
    </>
  );
}
