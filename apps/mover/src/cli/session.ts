import type { MoverConfig } from '@godwit/contracts/mover-protocol';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { type ArchiveSource, type CompleteArchive, openArchive } from '@godwit/volume-archive/open-archive';
import { StreamTarget } from '@godwit/volume-archive/stream-target';
import { note } from './output.ts';
import type { Command } from './parse-command.ts';

/** What each command works with. */
export interface Session {
  command: Command;
  volume: MoverConfig['volume'];
  /** Digest of the archive whose state the destination has, as the configuration tells. */
  holds: string | undefined;
  source: ArchiveSource;
  archive: CompleteArchive;
}

/** Opens the archive of this configuration for `run`, and tells of a delta that it is one. */
export async function withArchive(
  command: Command,
  config: MoverConfig,
  signal: AbortSignal,
  run: (session: Session) => Promise<void>,
): Promise<void> {
  const { archive, volume, holds, maxBytesPerSecond } = config;
  const store = createObjectStore(config.store);
  const source = {
    store,
    prefix: archive.prefix,
    key: Buffer.from(archive.key, 'base64'),
    volumeId: volume.id,
    streams: new StreamTarget(config.streams ?? 1),
    maxBytesPerSecond,
    signal,
  };
  try {
    const opened = await openArchive(source);
    const { base } = opened.closing;
    if (base) note(`the archive holds only what changed since the archive with digest ${base}`);
    await run({ command, volume, holds, source, archive: opened });
  } finally {
    store.close();
  }
}
