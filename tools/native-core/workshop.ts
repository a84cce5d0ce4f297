import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runVisibly } from '../cli/run-visibly.ts';
import { ensureDirectory } from '../infra/home.ts';
import { inCache } from '../infra/install-in-cache.ts';
import type { Rust } from '../toolchains/rust.ts';
import { crate, listSources } from './crate.ts';
import { mirror } from './mirror.ts';

/** Runs cargo on a copy of the crate; shows what it says, or hands its standard output to `onStdout`. @returns its exit code */
export type Cargo = (args: readonly string[], onStdout?: (text: string) => void) => Promise<number>;

export interface Workshop {
  cargo: Cargo;
  /** Where `cargo build --release` puts what it built. */
  release: string;
}

/**
 * Lets `work` use the one place of this machine where cargo works for all checkouts, so that what one has compiled the next
 * need not. The crate lies there as a copy at a path that is always the same: cargo takes a crate at another path for another
 * one, yet gives libraries of both the same file, and would take the one for the other.
 */
export async function inWorkshop<T>(rust: Rust, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  const directory = ensureDirectory(inCache('native-core'));
  return withLock(join(directory, 'lock'), () => {
    const [source, target] = [join(directory, 'source'), join(directory, 'target')];
    mirror(crate, listSources(), source);
    // Flags of the user's own would go into a cache that is everybody's.
    const env = { ...rust.env, CARGO_TARGET_DIR: target, CARGO_BUILD_TARGET: undefined, RUSTFLAGS: '' };
    return work({
      cargo: (args, onStdout) => runVisibly('cargo', args, env, { cwd: source, stdout: onStdout ?? 'inherit' }),
      release: join(target, 'release'),
    });
  });
}

/** The kernel gives the lock back when we end, however we end: its holder reads from us. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve);
    holder.once('error', (error) => reject(new Error(`flock (package util-linux) cannot be run: ${error.message}`)));
    holder.once('close', () => reject(new Error(`${file} cannot be locked.`)));
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
