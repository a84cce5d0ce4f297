import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { MoverConfig, MoverResult } from '@godwit/contracts/mover-protocol';
import { ensureMoverBundle } from '../../tools/build/ensure-mover-bundle.ts';
import { describeCheckout } from '../lib/describe-checkout.ts';
import type { Pipeline } from '../lib/measure.ts';
import { BUCKET, CREDENTIALS, type Session, type Tool, type Workspace } from './tool.ts';

const STREAMS = 4;
/** As in the mover's image. */
const ENVIRONMENT = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' };

/** Our mover, bundled as its image has it and run as a pod runs it. @param bundle one that is there already */
export async function openGodwit(bundle?: string): Promise<Tool> {
  const version = bundle ?? (await describeCheckout());
  const mover = bundle ? resolve(bundle) : await ensureMoverBundle();
  return {
    name: 'godwit',
    description: `the mover of ${version}, ${STREAMS} streams, on Node.js ${process.versions.node}`,
    open: (workspace, { changes }) => new GodwitSession(mover, workspace, changes),
  };
}

type Step = Parameters<NonNullable<Session['check']>>[0];
type Archive = MoverConfig['archive'];

const VOLUME = 'bench/data';

class GodwitSession implements Session {
  readonly #bundle: string;
  readonly #workspace: Workspace;
  readonly #changes: boolean;
  readonly #first = archive('first', 1);
  readonly #second = archive('second', 2);

  constructor(bundle: string, workspace: Workspace, changes: boolean) {
    this.#bundle = bundle;
    this.#workspace = workspace;
    this.#changes = changes;
  }

  up(source: string): Pipeline {
    return this.#mover('up', { action: 'copy', path: source, archive: this.#first, ...(this.#changes ? { index: true } : {}) });
  }

  down(target: string): Pipeline {
    return this.#mover('down', { action: 'restore', path: target, archive: this.#first });
  }

  upChanged(source: string): Pipeline {
    const base = { ...this.#first, volumeId: VOLUME };
    return this.#mover('upChanged', { action: 'copy', path: source, archive: this.#second, index: true, base });
  }

  downChanged(target: string): Pipeline {
    const holds = this.#result('down').digest;
    return this.#mover('downChanged', { action: 'restore', path: target, archive: this.#second, holds });
  }

  check(step: Step): void {
    const result = this.#result(step);
    if (!result.ok || result.warnings > 0) throw new Error(`The mover's ${step} ended with ${JSON.stringify(result)}.`);
    if (step === 'down' && result.digest !== this.#result('up').digest)
      throw new Error('The mover restored what it did not copy.');
    if (step === 'upChanged' && result.base !== this.#result('up').digest) {
      throw new Error(
        `The mover was given an archive to base its copy on and did not use it (base ${result.base ?? 'none'}): it sent the whole volume.`,
      );
    }
  }

  #mover(
    step: Step,
    { path, ...rest }: Pick<MoverConfig, 'action' | 'archive' | 'index' | 'base' | 'holds'> & { path: string },
  ): Pipeline {
    const { directory, endpoint } = this.#workspace;
    const config = {
      version: 1,
      volume: { id: VOLUME, mode: 'Filesystem', path },
      store: { endpoint, bucket: BUCKET, ...CREDENTIALS },
      streams: STREAMS,
      ...rest,
    };
    const file = join(directory, `${step}.json`);
    writeFileSync(file, JSON.stringify(config));
    const env = { ...ENVIRONMENT, GODWIT_MOVER_CONFIG: file, GODWIT_MOVER_RESULT: this.#resultFile(step) };
    return [{ args: [process.execPath, this.#bundle], env, log: join(directory, `${step}.log`) }];
  }

  #resultFile(step: Step): string {
    return join(this.#workspace.directory, `${step}.result`);
  }

  #result(step: Step): MoverResult {
    return JSON.parse(readFileSync(this.#resultFile(step), 'utf8')) as MoverResult;
  }
}

function archive(run: string, byte: number): Archive {
  return { prefix: `runs/${run}/volumes/data`, key: Buffer.alloc(32, byte).toString('base64') };
}
