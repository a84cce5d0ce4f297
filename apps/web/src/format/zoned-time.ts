/** Of the reader's own machine (IANA name). */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @returns the time as clocks in the zone show it, with the day: `Fri 27 Nov 2026, 03:00`, as the locale writes it */
export function formatInZone(time: Date | string, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time));
}

/** @returns the names of all time zones, UTC first; `present` among them even where this browser does not list it */
export function timeZones(present?: string): string[] {
  const listed = Intl.supportedValuesOf('timeZone');
  return [...new Set(['UTC', ...(present ? [present] : []), ...listed])];
}

/** @param iso a moment. @returns it in the reader's own time, as an input of type datetime-local takes it */
export function toLocalInput(iso: string): string {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
