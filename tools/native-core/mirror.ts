import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Makes `to` hold these files of `from` and no others. Only what differs is written: cargo goes by the time of a file. */
export function mirror(from: string, paths: readonly string[], to: string): void {
  for (const path of paths) {
    const [content, target] = [readFileSync(join(from, path)), join(to, path)];
    if (existsSync(target) && readFileSync(target).equals(content)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  for (const entry of globSync('**/*', { cwd: to, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !paths.some((wanted) => join(to, wanted) === path)) rmSync(path);
  }
}
