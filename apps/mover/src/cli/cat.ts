import { parsePath } from '@godwit/volume-archive/path-text';
import { readFile } from '@godwit/volume-archive/read-file';
import { print } from './output.ts';
import type { Session } from './session.ts';

export async function cat({ archive, command }: Session): Promise<void> {
  for await (const part of readFile(archive, parsePath(command.argument))) await print(part);
}
