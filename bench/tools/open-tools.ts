import type { Options, ToolName } from '../options.ts';
import { openGodwit } from './godwit.ts';
import { openRclone } from './rclone.ts';
import { openRestic } from './restic.ts';
import { openTar } from './tar.ts';
import type { Tool } from './tool.ts';

const OPENERS: Record<ToolName, (options: Pick<Options, 'mover'>) => Promise<Tool>> = {
  godwit: ({ mover }) => openGodwit(mover),
  restic: openRestic,
  rclone: openRclone,
  tar: openTar,
};

/** Builds the tools that are not there yet. */
export async function openTools(names: readonly ToolName[], options: Pick<Options, 'mover'>): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const name of names) tools.push(await OPENERS[name](options));
  return tools;
}
