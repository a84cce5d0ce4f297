import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { candidateVersion, canInstallPackages, installPackages, isOnPath, updatePackageLists } from './apt.ts';
import { isAtLeast, parseVersion, showVersion, type Version } from './version.ts';

/** What napi, among the native core's dependencies, asks for (`rust-version` in its manifest). */
const AT_LEAST: Version = [1, 88, 0];

/** To build, and to check as well. */
export type RustUse = 'build' | 'lint';
const PROGRAMS: Record<RustUse, readonly string[]> = {
  build: ['rustc', 'cargo'],
  lint: ['rustc', 'cargo', 'cargo-clippy', 'cargo-fmt'],
};

/** Debian has Rust twice: with its release, and a newer one that its web browsers are built with. */
const DEBIAN = [
  { compiler: 'rustc', others: ['cargo', 'rust-clippy', 'rustfmt'] },
  { compiler: 'rustc-web', others: ['cargo-web', 'rust-web-clippy', 'rustfmt-web'] },
] as const;

export interface Rust {
  /** What rustc says of itself: release, commit, host. */
  compiler: string;
  /** The environment in which `cargo` is this one. */
  env: NodeJS.ProcessEnv;
}

/** @returns a Rust that is new enough, installed from Debian where there is none; throws with the cure where that fails. */
export async function ensureRust(use: RustUse): Promise<Rust> {
  await ensureCCompiler();
  const found = await findRust(use);
  if (found) return found;
  if (await canInstallPackages()) {
    await installRust();
    const installed = await findRust(use);
    if (installed) return installed;
  }
  throw new Error(
    `Rust ${showVersion(AT_LEAST)} or newer${use === 'lint' ? ', with clippy and rustfmt,' : ''} is needed for the volume ` +
      `archive's native core, and is neither on PATH nor in ~/.cargo/bin. Install it with https://rustup.rs, or bring yours up ` +
      'to date with `rustup update stable` (Debian 12, as root: apt-get install rustc-web cargo-web rust-web-clippy rustfmt-web).',
  );
}

/** @returns the first Rust on PATH, or where its installer puts it, that is new enough and has all programs. */
export async function findRust(use: RustUse, environment = process.env): Promise<Rust | undefined> {
  const path = (environment.PATH ?? '').split(delimiter);
  const directories = [...path, join(environment.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin')];
  for (const directory of new Set(directories)) {
    if (!PROGRAMS[use].every((program) => existsSync(join(directory, program)))) continue;
    // rustup has a program for each component also where the component is missing: each must run.
    const runs = PROGRAMS[use].map((program) => runCommand(join(directory, program), ['--version']).catch(() => undefined));
    const [rustc, ...others] = await Promise.all(runs);
    const version = parseVersion(rustc ?? '');
    if (!version || !isAtLeast(version, AT_LEAST) || others.includes(undefined)) continue;
    const compiler = await runCommand(join(directory, 'rustc'), ['--version', '--verbose']);
    return { compiler, env: { ...environment, PATH: [directory, ...path].join(delimiter) } };
  }
  return undefined;
}

async function installRust(): Promise<void> {
  await updatePackageLists();
  for (const { compiler, others } of DEBIAN) {
    const version = parseVersion((await candidateVersion(compiler)) ?? '');
    if (!version || !isAtLeast(version, AT_LEAST)) continue;
    console.log(`installing Rust ${showVersion(version)} (${compiler}, ${others.join(', ')})`);
    // cargo trusts the certificates of the system.
    return installPackages([compiler, ...others, 'ca-certificates']);
  }
}

/** zstd and ring bring C and assembler. */
async function ensureCCompiler(): Promise<void> {
  if (await isOnPath('cc')) return;
  const packages = ['gcc', 'libc6-dev'];
  if (!(await canInstallPackages()))
    throw new Error(
      `A C compiler is needed for the volume archive's native core; there is no cc on PATH: apt-get install ${packages.join(' ')}`,
    );
  console.log(`installing a C compiler (${packages.join(', ')})`);
  await updatePackageLists();
  await installPackages(packages);
}
