import { formatDuration } from '@godwit/pipeline/format-duration';

/** @returns how long ago, coarsely: `just now`, `5 min ago`; a time to come (clocks differ) is now */
export function formatAgo(iso: string, now: number): string {
  const span = now - Date.parse(iso);
  if (span < 10_000) return 'just now';
  if (span < 60_000) return `${Math.floor(span / 10_000)}0 s ago`;
  if (span < 3_600_000) return `${Math.floor(span / 60_000)} min ago`;
  if (span < 86_400_000) return `${Math.floor(span / 3_600_000)} h ago`;
  const days = Math.floor(span / 86_400_000);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** @returns how long from the start to the end, or until now */
export function formatSpan(start: string, end: string | undefined, now: number): string {
  return formatDuration(Math.max(0, (end ? Date.parse(end) : now) - Date.parse(start)));
}
