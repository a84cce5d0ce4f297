import { readFileSync } from 'node:fs';
import { type ManagedStore, ManagedStores } from '@godwit/contracts/managed-storage';

/**
 * Reads the object storage that the operator offers to all organisations.
 *
 * @param path of a JSON file; empty: none is offered
 * @throws Error that names the file and each field that is wrong, and never a value
 */
export function loadManagedStorage(serviceName: string, path: string): readonly ManagedStore[] {
  if (path === '') return [];
  const refuse = (problem: string) => new Error(`${serviceName} cannot start, GODWIT_MANAGED_STORAGE (${path}) ${problem}`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const parsed = ManagedStores.safeParse(parseJson(text, () => refuse('is not JSON')));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: field, message }) => `  ${field.join('.') || 'the whole'}: ${message}`);
  throw refuse(`is wrong:\n${problems.join('\n')}`);
}

/** The parser's own message would show a part of the text. */
function parseJson(text: string, refuse: () => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse();
  }
}
