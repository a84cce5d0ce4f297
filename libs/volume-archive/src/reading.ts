import type { Breath } from './breath.ts';
import type { PackWriter } from './pack-writer.ts';
import type { BytePath } from './path-bytes.ts';
import type { ResumePosition } from './resume-position.ts';

/** What reading a source volume works with. */
export interface Reading {
  writer: PackWriter;
  breath: Breath;
  /** Where an earlier attempt ended. */
  position: ResumePosition | undefined;
  warn: (reason: string, path: BytePath, message: string) => void;
  /** Called with the length of holes that were passed. */
  onHole: (bytes: number) => void;
}
