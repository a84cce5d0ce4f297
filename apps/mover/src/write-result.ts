import { writeFileSync } from 'node:fs';
import type { MoverResult } from '@godwit/contracts/mover-protocol';

/** Kubernetes cuts a termination message here, which would leave no JSON. */
const LIMIT = 4096;

/** @returns the result as JSON that fits; a message that does not is shortened. */
export function encodeResult(result: MoverResult): string {
  const whole = JSON.stringify(result);
  if (Buffer.byteLength(whole) <= LIMIT || !result.error) return whole;
  // Escaped, a character takes at most six bytes.
  const message = `${result.error.message.slice(0, 512)}…`;
  return JSON.stringify({ ...result, error: { ...result.error, message } });
}

export function writeResult(path: string, result: MoverResult): void {
  writeFileSync(path, encodeResult(result));
}
