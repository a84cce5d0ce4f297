import { runCommand } from '../../tools/processes/run-command.ts';
import { program } from './programs.ts';

/** Entries whose metadata is not that of the source. */
export interface Lost {
  mode: number;
  owner: number;
  /** Differs by a second or more. */
  times: number;
  hardLinks: number;
}

/** Makes sure that a restored tree has the names, types, contents and link targets of its source. @returns what else differs */
export async function assertSameTree(source: string, restored: string, tool: string): Promise<Lost> {
  const { wrong, lost } = JSON.parse(await runCommand(program('compare'), [source, restored])) as { wrong: string[]; lost: Lost };
  if (wrong.length > 0) throw new Error(`What ${tool} restored is not what it was given:\n${wrong.join('\n')}`);
  return lost;
}
