import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { fetchApi } from '../api/client.ts';
import { RequestProblem } from '../app/request-problem.tsx';

export interface DownloadProps {
  /** Of what is saved, in the API. */
  path: string;
  /** Of the file. */
  name: string;
  label: string;
}

/** A button that saves an answer of the API as a file. A link could not say who calls. */
export function Download({ path, name, label }: DownloadProps) {
  const download = useMutation({ mutationFn: async () => save(name, await (await fetchApi(path)).blob()) });
  return (
    <>
      <Button
        variant="link"
        isInline
        isLoading={download.isPending}
        isDisabled={download.isPending}
        onClick={() => download.mutate()}
      >
        {label}
      </Button>
      {download.error && <RequestProblem doing="Not downloaded" error={download.error} />}
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
