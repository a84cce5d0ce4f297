import type { RunView } from '@godwit/contracts/api';
import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { fetchApi } from '../api/client.ts';
import { RequestProblem } from '../app/request-problem.tsx';

/** The button that saves the whole log as a file of text. */
export function DownloadLog({ run }: { run: RunView }) {
  const download = useMutation({
    // A link cannot say who calls.
    mutationFn: async () => save(`run-${run.id}.log`, await (await fetchApi(`/api/runs/${run.id}/log`)).blob()),
  });
  return (
    <>
      <Button
        variant="link"
        isInline
        isLoading={download.isPending}
        isDisabled={download.isPending}
        onClick={() => download.mutate()}
      >
        Download
      </Button>
      {download.error && <RequestProblem doing="Cannot read the log" error={download.error} />}
    </>
  );
}

function save(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
