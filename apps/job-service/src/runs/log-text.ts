import type { RunEvent } from '@godwit/db/run-event-store';

/** Names of volumes, `namespace/name`, by their ids. */
export type VolumeNames = ReadonlyMap<string, string>;

/** What a terminal would take for an order, and what would make two lines of one. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** @returns a line of a run's log as text, with its end: time, level, step, volume and message */
export function textLineOf({ at, level, step, item, message }: RunEvent, volumes: VolumeNames): string {
  const about = item ? `volume ${volumes.get(item) ?? item}` : undefined;
  const said = message.replace(
    CONTROLS,
    (control) => ESCAPES[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${[at.toISOString(), level.padEnd(7), step ?? '-', about, said].filter(Boolean).join(' ')}\n`;
}

/** @returns the same as a line of JSON, with all its data */
export function jsonLineOf({ at, ...event }: RunEvent, volumes: VolumeNames): string {
  const volume = event.item && volumes.get(event.item);
  return `${JSON.stringify({ at: at.toISOString(), ...event, ...(volume ? { volume } : {}) })}\n`;
}
