import { readFileSync } from 'node:fs';
import { FatalError } from '@godwit/contracts/errors';
import { MoverConfig, type MoverExitReason } from '@godwit/contracts/mover-protocol';
import { z } from 'zod';

const BAD_CONFIG: MoverExitReason = 'BadConfig';
const KEY_LENGTH = 32;

/** @throws FatalError BadConfig; its message names the fields and never what they hold, for that is secret. */
export function readConfig(path: string): MoverConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new FatalError(BAD_CONFIG, `Cannot read the mover's configuration: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FatalError(BAD_CONFIG, `The mover's configuration ${path} is not JSON`); // the parser's message quotes it
  }
  const parsed = MoverConfig.safeParse(value);
  if (!parsed.success) {
    throw new FatalError(BAD_CONFIG, `The mover's configuration ${path} is not valid: ${describeIssues(parsed.error)}`);
  }
  const { archive, base } = parsed.data;
  for (const [field, key] of Object.entries({ 'archive.key': archive.key, 'base.key': base?.key })) {
    const keyLength = key === undefined ? KEY_LENGTH : Buffer.from(key, 'base64').length;
    if (keyLength !== KEY_LENGTH) {
      throw new FatalError(BAD_CONFIG, `The mover's configuration ${path} is not valid: ${field} has ${keyLength} bytes`);
    }
  }
  return parsed.data;
}

function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
