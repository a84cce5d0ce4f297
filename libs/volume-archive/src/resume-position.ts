import { compareWalkOrder } from './path-bytes.ts';
import type { EntryMeta, EntryRecord } from './record.ts';

/** The end of the last pack that is complete: what it holds last, and how far. */
export interface ResumePosition {
  meta: EntryMeta;
  /** The entry is whole; else its data goes on at `offset`. */
  whole: boolean;
  offset: number;
  /** When the copy began, milliseconds since 1970. */
  startedAt: number;
}

export function positionAfter(record: EntryRecord, startedAt: number): ResumePosition {
  const { data, first: _first, last, offset, attributes: _attributes, ...meta } = record;
  return { meta, whole: last, offset: offset + data.length, startedAt };
}

/** How an entry of the walk stands to the position: archived already, cut in the middle, or still to come. */
export function standing(path: string, position: ResumePosition | undefined): 'archived' | 'partial' | 'ahead' {
  if (!position) return 'ahead';
  const order = compareWalkOrder(path, position.meta.path);
  if (order === 0) return position.whole ? 'archived' : 'partial';
  return order < 0 ? 'archived' : 'ahead';
}
