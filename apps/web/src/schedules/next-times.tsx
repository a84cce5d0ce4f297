import { formatInZone, ownTimeZone } from '../format/zoned-time.ts';

/** Times as clocks in the schedule's zone show them, and beside that as the reader's do where these differ. */
export function NextTimes({ times, timeZone }: { times: readonly (Date | string)[]; timeZone: string }) {
  const own = ownTimeZone();
  return (
    <ul className="godwit-plain-list" aria-label="Next times">
      {times.map((time) => {
        const there = formatInZone(time, timeZone);
        const here = formatInZone(time, own);
        return (
          <li key={new Date(time).toISOString()}>
            <time dateTime={new Date(time).toISOString()}>{there}</time>
            {here !== there && <span className="godwit-subtle"> ({here} here)</span>}
          </li>
        );
      })}
    </ul>
  );
}
