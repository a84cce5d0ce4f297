import type { RunView } from '@godwit/contracts/api';
import { Button } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteArchive, runQuery } from '../api/runs.ts';
import { ConfirmAction } from '../forms/confirm-action.tsx';

/** The button that deletes the archive of a run that is over before its time, after one has confirmed it. */
export function DeleteArchive({ run: { id, migrationName, archive } }: { run: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  if (archive?.state !== 'Kept') return null;
  const act = async () => {
    const left = await deleteArchive(id);
    queries.setQueryData(runQuery(id).queryKey, (known) => known && { ...known, archive: left });
  };
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Delete archive
      </Button>
      {isOpen && (
        <ConfirmAction
          title={`Delete the archive of ${migrationName}?`}
          doIt="Delete archive"
          leaveIt="Keep it"
          variant="danger"
          act={act}
          onClose={() => setOpen(false)}
        >
          What this run stored at {archive.place} is deleted now. Nothing can be read from it any more. Neither cluster is
          touched.
        </ConfirmAction>
      )}
    </>
  );
}
