import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCache, installInCache } from '../../infra/install-in-cache.ts';
import { runCommand } from '../../processes/run-command.ts';
import { candidateVersion, updatePackageLists } from '../../toolchains/apt.ts';

/** Unpacks a package of Debian, without what it depends on, once into the cache. @returns the directory of its files. */
export async function ensureDebianPackage(name: string): Promise<string> {
  const known = await candidateVersion(name);
  if (known && existsSync(inCache(directoryOf(name, known)))) return inCache(directoryOf(name, known));
  await updatePackageLists(); // Those of a machine that is not new name files that are gone.
  const version = await candidateVersion(name);
  if (!version) throw new Error(`apt-get has no package ${name} (Debian 12 has it).`);
  return installInCache(directoryOf(name, version), (draft) => unpack(name, version, draft));
}

async function unpack(name: string, version: string, draft: string): Promise<void> {
  const downloads = mkdtempSync(join(tmpdir(), 'godwit-debian-'));
  try {
    // A package need not be installed, so apt's own user needs no way into our directory.
    await runCommand('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', `${name}=${version}`], { cwd: downloads });
    for (const file of globSync('*.deb', { cwd: downloads })) await runCommand('dpkg-deb', ['-x', join(downloads, file), draft]);
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

function directoryOf(name: string, version: string): string {
  return `debian-${name}-${version}`;
}
