import type { RunEventView } from '@godwit/contracts/api';
import { Finding } from '@godwit/contracts/findings';
import type { EventLevel } from '@godwit/contracts/run';

/** A browser stays quick with so many lines; the whole log is in the API. */
const KEPT = 2_000;
const RANK: Record<EventLevel, number> = { info: 0, warning: 1, error: 2 };

export interface RunLog {
  /** The latest lines, oldest first. */
  lines: readonly RunEventView[];
  /** How many older ones are not kept. */
  dropped: number;
  /** Errors first, then warnings, each once; kept however long the log is. */
  findings: readonly Finding[];
}

export const EMPTY_LOG: RunLog = { lines: [], dropped: 0, findings: [] };

/** @returns the log with news at its end; lines that are there already (sent again after a lost connection) are left out */
export function appendLines(log: RunLog, news: readonly RunEventView[]): RunLog {
  let last = BigInt(log.lines.at(-1)?.id ?? 0);
  const fresh = news.filter(({ id }) => {
    const isNew = BigInt(id) > last;
    if (isNew) last = BigInt(id);
    return isNew;
  });
  if (fresh.length === 0) return log;
  const lines = [...log.lines, ...fresh];
  return {
    lines: lines.slice(-KEPT),
    dropped: log.dropped + Math.max(0, lines.length - KEPT),
    findings: withFindings(log.findings, fresh),
  };
}

/** @returns the lines of this level or a graver one */
export function linesFrom(lines: readonly RunEventView[], least: EventLevel): readonly RunEventView[] {
  return least === 'info' ? lines : lines.filter(({ level }) => RANK[level] >= RANK[least]);
}

/** @returns the lines whose message has the text, in whatever case */
export function linesWith(lines: readonly RunEventView[], sought: string): readonly RunEventView[] {
  const text = sought.trim().toLowerCase();
  return text === '' ? lines : lines.filter(({ message }) => message.toLowerCase().includes(text));
}

function withFindings(known: readonly Finding[], fresh: readonly RunEventView[]): readonly Finding[] {
  const found = fresh.flatMap(({ data }) => Finding.safeParse(data).data ?? []).filter(({ severity }) => severity !== 'note');
  if (found.length === 0) return known;
  // A step that is tried again finds the same things again.
  const distinct = new Map([...known, ...found].map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
}
