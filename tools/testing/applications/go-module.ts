import { tmpdir } from 'node:os';
import { runCommand } from '../../processes/run-command.ts';

/** A release of a module, as Go's proxy of modules has it: its programs' sources, charts and manifests. */
export interface GoModule {
  path: string;
  version: string;
  /** Of all its files, as in a go.sum: another content is refused. */
  sum: string;
}

/** Fetches a module into Go's cache of modules. @returns its directory, which is read-only; throws when its content is another. */
export async function fetchGoModule({ path, version, sum }: GoModule): Promise<string> {
  // Outside of any module: what is asked for is all that is meant.
  const answer = await runCommand('go', ['mod', 'download', '-json', `${path}@${version}`], { cwd: tmpdir() });
  const { Dir: directory, Sum: found } = JSON.parse(answer) as { Dir: string; Sum: string };
  if (found !== sum) throw new Error(`${path} ${version} is not what was released: its checksum is ${found}, not ${sum}.`);
  return directory;
}
