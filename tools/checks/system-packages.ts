import { runVisibly } from '../cli/run-visibly.ts';
import { runCommand } from '../processes/run-command.ts';

/** Programs that tests call, and the Debian packages that have them. */
const PACKAGES = { rsync: 'rsync' } as const;

/** Installs what is missing. Throws, with what to do, where it cannot. */
export async function ensureSystemPackages(programs: readonly (keyof typeof PACKAGES)[]): Promise<void> {
  const found = await Promise.all(programs.map((program) => isThere(program)));
  const missing = programs.filter((_program, index) => !found[index]).map((program) => PACKAGES[program]);
  if (missing.length === 0) return;
  const install = ['apt-get', 'install', '-qy', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0 || !(await isThere('apt-get')))
    throw new Error(`These tests need ${missing.join(', ')}, which is not installed: ${install.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runVisibly('apt-get', ['update', '-q'], env, { stdout: 'ignore' });
  if ((await runVisibly('apt-get', install.slice(1), env, { stdout: 'ignore' })) !== 0)
    throw new Error(`${missing.join(', ')} could not be installed: see above.`);
}

async function isThere(program: string): Promise<boolean> {
  return runCommand('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}
