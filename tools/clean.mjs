// `npm run clean`: removes what was built and what `npm start` keeps, its database included. Needs no dependency.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const supervisor = join(repository, '.godwit/supervisor.json');

if (existsSync(supervisor)) {
  const { pid } = JSON.parse(readFileSync(supervisor, 'utf8'));
  if (existsSync(`/proc/${pid}`)) {
    console.error(`Godwit is running (process ${pid}): stop it first.`);
    process.exit(1);
  }
}
const projects = ['apps', 'libs'].flatMap((group) =>
  readdirSync(join(repository, group)).map((name) => join(group, name, 'dist')),
);
const native = ['target', 'godwit-native.node', 'godwit-native.node.inputs'].map((name) =>
  join('libs/volume-archive/native', name),
);
for (const path of [...projects, ...native, '.nx', '.godwit']) rmSync(join(repository, path), { recursive: true, force: true });
