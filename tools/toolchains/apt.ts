import { runVisibly } from '../cli/run-visibly.ts';
import { runCommand } from '../processes/run-command.ts';

const NON_INTERACTIVE = { DEBIAN_FRONTEND: 'noninteractive' };
/** What the machine has is never given up for what we want. */
const INSTALL = ['install', '-qy', '--no-install-recommends', '--no-remove'];

/** @returns whether this is root on a machine with Debian's package manager. */
export async function canInstallPackages(): Promise<boolean> {
  return process.getuid?.() === 0 && (await isOnPath('apt-get'));
}

export async function updatePackageLists(): Promise<void> {
  // Of more than one source, one that is not reachable is no reason to give up: installing tells what is missing.
  await runVisibly('apt-get', ['update', '-q'], NON_INTERACTIVE, { stdout: 'ignore' });
}

/** Installs packages of Debian whose lists are current; throws with what to do when apt-get cannot, after its messages were shown. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const code = await runVisibly('apt-get', [...INSTALL, ...packages], NON_INTERACTIVE, { stdout: 'ignore' });
  if (code !== 0) throw new Error(`${packages.join(', ')} could not be installed: see above.`);
}

/** @returns the version that would be installed (`1.96.0+dfsg1-1~deb12u2`), or undefined. */
export async function candidateVersion(name: string): Promise<string | undefined> {
  const policy = await runCommand('apt-cache', ['policy', name]).catch(() => '');
  return /^ {2}Candidate: (\d\S*)$/m.exec(policy)?.[1];
}

export async function isOnPath(program: string): Promise<boolean> {
  return runCommand('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}
