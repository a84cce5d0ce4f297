import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDirectory } from '../infra/home.ts';
import { inCache } from '../infra/install-in-cache.ts';
import { ensureRust, type Rust } from '../toolchains/rust.ts';
import { digestSources, nativeCore, nativeCoreStamp, nativeCoreState } from './crate.ts';
import { inWorkshop } from './workshop.ts';

/** How many finished cores are kept for checkouts that come back to an older one. */
const KEPT = 8;

/** Makes sure that the native core is there as its sources are now; throws, after cargo's messages, when it cannot be built. @returns its path */
export async function ensureNativeCore(): Promise<string> {
  if (nativeCoreState() === 'current') return nativeCore;
  const sources = digestSources();
  const rust = await ensureRust('build');
  const finished = join(ensureDirectory(inCache('native-core/finished')), `${keyOf(sources, rust)}.node`);
  if (!existsSync(finished)) await build(rust, sources, finished);
  place(finished, nativeCore);
  writeFileSync(nativeCoreStamp, sources);
  return nativeCore;
}

/** @returns the name of a core in the cache: the same sources and compiler make the same core */
function keyOf(sources: string, { compiler }: Rust): string {
  return createHash('sha256').update(`${sources}\0${compiler}`).digest('hex').slice(0, 32);
}

async function build(rust: Rust, sources: string, finished: string): Promise<void> {
  console.log("building the volume archive's native core; the first time, with all that it depends on, about two minutes");
  await inWorkshop(rust, async ({ cargo, release }) => {
    if (existsSync(finished)) return; // Another process had the lock, for the same.
    if ((await cargo(['build', '--release', '--locked', '--quiet'])) !== 0)
      throw new Error(
        "The volume archive's native core could not be built: see above. Are the crates of its Cargo.lock reachable?",
      );
    if (digestSources() !== sources)
      throw new Error("The sources of the volume archive's native core changed while it was built: run it again.");
    place(join(release, 'libgodwit_native.so'), finished);
    forgetOld();
  });
}

function forgetOld(): void {
  const cores = globSync('*.node', { cwd: inCache('native-core/finished') }).map((name) =>
    join(inCache('native-core/finished'), name),
  );
  const byAge = cores.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of byAge.slice(KEPT)) rmSync(old, { force: true });
}

/** A process that has the old file loaded keeps it; nobody sees half a new one. */
function place(from: string, to: string): void {
  const draft = `${to}.${process.pid}.draft`;
  copyFileSync(from, draft);
  renameSync(draft, to);
}
