import { canInstallPackages, installPackages, isOnPath, updatePackageLists } from '../toolchains/apt.ts';

/** Programs that tests call, and the Debian packages that have them. */
const PACKAGES = {
  openssl: 'openssl',
  rsync: 'rsync',
  getfattr: 'attr',
  setfacl: 'acl',
  getcap: 'libcap2-bin',
  python3: 'python3',
  'mkfs.ext4': 'e2fsprogs',
  // Without the service that `mariadb-server` would start.
  mariadbd: 'mariadb-server-core',
  mariadb: 'mariadb-client-core',
  'redis-cli': 'redis-tools',
  chromium: 'chromium',
} as const;

/** Installs what is missing. Throws, with what to do, where it cannot. */
export async function ensureSystemPackages(programs: readonly (keyof typeof PACKAGES)[]): Promise<void> {
  const found = await Promise.all(programs.map((program) => isOnPath(program)));
  const missing = programs.filter((_program, index) => !found[index]).map((program) => PACKAGES[program]);
  if (missing.length === 0) return;
  if (!(await canInstallPackages()))
    throw new Error(`These tests need ${missing.join(', ')}, which is not installed: apt-get install ${missing.join(' ')}`);
  await updatePackageLists();
  await installPackages(missing);
}
