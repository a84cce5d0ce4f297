import { isUtf8 } from 'node:buffer';

/** Would end a line, or tell a terminal what to do; the backslash begins an escape. */
const NOT_SHOWN = /[\u0000-\u001f\u007f-\u009f\\]/g;

/**
 * @param path bytes, relative to the volume's root
 * @returns UTF-8 as it is; other bytes, control characters and backslashes as \xNN. The root is `/`. `parsePath` is its inverse.
 */
export function showPath(path: Buffer): string {
  if (path.length === 0) return '/';
  if (isUtf8(path)) return path.toString().replace(NOT_SHOWN, (character) => escapeBytes(Buffer.from(character)));
  let shown = '';
  for (let at = 0; at < path.length; ) {
    const character = path.subarray(at, at + lengthOfCharacter(path[at] ?? 0));
    const isText = isUtf8(character);
    const part = isText ? character : path.subarray(at, at + 1);
    shown += isText ? showPath(part) : escapeBytes(part);
    at += part.length;
  }
  return shown;
}

/** @param text of a person: as `showPath` shows it, or begun with `/`, or ended with one */
export function parsePath(text: string): Buffer {
  const parts = text.split(/(\\x[0-9a-f]{2})/);
  const bytes = parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)));
  const path = Buffer.concat(bytes).toString('latin1');
  return Buffer.from(path.replace(/^\/+|\/+$/g, ''), 'latin1');
}

function escapeBytes(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Of the UTF-8 character that begins with this byte. */
function lengthOfCharacter(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
