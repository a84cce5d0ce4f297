import type { RunView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { previewMigration } from '../api/runs.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { isDestinationThere } from '../migrations/destination-text.ts';

/** The button that asks what the migration of a run would do now. */
export function PreviewMigration({ run: { kind, phase, migrationId, definition } }: { run: RunView }) {
  const navigate = useNavigate();
  const preview = useMutation({
    mutationFn: (id: string) => previewMigration(id),
    onSuccess: ({ id }) => navigate(`/runs/${id}`),
  });
  if (!migrationId || !isFinished(phase) || !isDestinationThere(definition)) return null;
  return (
    <>
      <Button
        variant="secondary"
        isLoading={preview.isPending}
        isDisabled={preview.isPending}
        onClick={() => preview.mutate(migrationId)}
      >
        {kind === 'Preview' ? 'Preview again' : 'Preview'}
      </Button>
      {preview.error && <RequestProblem doing="Cannot preview" error={preview.error} />}
    </>
  );
}
