/** A process of its own that copies or restores a volume, so that it can be killed. Its task comes as JSON. */
import { copyVolume } from '../copy-volume.ts';
import { restoreVolume } from '../restore-volume.ts';
import { StreamTarget } from '../stream-target.ts';
import { DirectoryStore } from './directory-store.ts';

export interface ProcessTask {
  work: 'copy' | 'restore';
  /** Directory of the objects. */
  objects: string;
  root: string;
  prefix: string;
  /** Hex. */
  key: string;
  streams: number;
  /** Prefix of the archive to base a copy on. */
  base?: string;
  holds?: string;
}

const { work, objects, root, prefix, key: hex, streams: count, base, holds }: ProcessTask = JSON.parse(process.argv[2] ?? '');
const key = Buffer.from(hex, 'hex');
const volumeId = 'shop/data';
const streams = new StreamTarget(count);
const task = { root, prefix, key, volumeId, streams, mode: 'Filesystem' as const, store: new DirectoryStore(objects) };
process.stdout.write('begins\n');
const totals =
  work === 'copy'
    ? await copyVolume({ ...task, index: true, ...(base && { base: { prefix: base, volumeId, key } }) })
    : await restoreVolume({ ...task, stallTimeoutMs: 10_000, ...(holds && { holds }) });
process.stdout.write(`${JSON.stringify(totals)}\n`);
