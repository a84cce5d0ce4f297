// First step of every npm script: runs on the machine's own Node.js (20 or newer) of a fresh clone, without any dependency.
// It installs the locked dependencies when they are not those of package-lock.json, and hands over to the Node.js 24
// among them. Usage: node tools/bootstrap.mjs FILE.ts [ARGUMENT...]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

requireNode();
const difference = installedDifference();
if (difference) {
  console.log(`Installing the dependencies (${difference}); this takes a minute or two.`);
  install();
}
handOver(process.argv.slice(2));

function requireNode() {
  if (Number(process.versions.node.split('.', 1)[0]) >= 20) return;
  fail(
    `Node.js 20 or newer is needed; this is ${process.version} (${process.execPath}). Install a newer one from https://nodejs.org.`,
  );
}

/** @returns what is not as package-lock.json wants it, or undefined. npm writes the inner file last, so half an install is seen. */
function installedDifference() {
  const inner = join(repository, 'node_modules/.package-lock.json');
  if (!existsSync(inner)) return 'none are installed';
  const wanted = packagesOf(join(repository, 'package-lock.json'));
  const installed = packagesOf(inner);
  for (const [path, { version, integrity, optional }] of Object.entries(wanted)) {
    const found = installed[path];
    // Optional ones are those of other platforms too.
    if (!found && !optional) return `${path} is missing`;
    if (found && (found.version !== version || found.integrity !== integrity)) return `${path} is not ${version}`;
  }
  const extra = Object.keys(installed).find((path) => !wanted[path]);
  return extra && `${extra} is no longer wanted`;
}

function packagesOf(lockFile) {
  const { '': _root, ...packages } = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return packages;
}

/** No install scripts: nothing of ours needs one, and none can then reach for a download that is not locked. */
function install() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const stdio = ['ignore', 'inherit', 'inherit'];
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: repository, stdio })
    : spawnSync('npm', args, { cwd: repository, stdio });
  if (result.error) fail(`npm cannot be run (${result.error.message}). Install npm beside Node.js.`);
  if (result.status !== 0) fail('npm ci failed: see above. Is the npm registry reachable?');
}

/** @returns the Node.js that runs our code: the locked one, else this one where it is new enough. */
function findNode() {
  const locked = join(repository, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(locked)) return locked;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return process.execPath;
  fail(
    `There is no locked Node.js for ${process.platform}-${process.arch}: run this with Node.js 24.9 or newer (this is ${process.version}).`,
  );
}

/** The child has a channel to us, so that it sees our end even when we are killed; signals are passed on to it. */
function handOver([file, ...args]) {
  if (!file) fail('Usage: node tools/bootstrap.mjs FILE.ts [ARGUMENT...]');
  const child = spawn(findNode(), ['--disable-warning=ExperimentalWarning', file, ...args], {
    cwd: repository,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill('SIGTERM'));
  child.once('error', (error) => fail(`Node.js cannot be run: ${error.message}`));
  child.once('close', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** npm cannot pass its own kill on; without it nobody would be left to stop what was started. */
function endWithNpm(stop) {
  const parent = process.ppid;
  const watch = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  };
  const timer = process.env.npm_lifecycle_event ? setInterval(watch, 1_000).unref() : undefined;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
