import type { BytePath } from './path-bytes.ts';
import type { EntryRecord } from './record.ts';

export type Warn = (reason: string, path: BytePath, message: string) => void;

/** Lays the records of an archive, in their order, onto a destination volume. */
export interface RecordSink {
  /** @throws FatalError ArchiveDamaged, or what the system calls throw */
  apply(record: EntryRecord): void;
  /** All records were applied. */
  finish(): void;
  /** Closes what is open, also after a failure. */
  dispose(): void;
}
