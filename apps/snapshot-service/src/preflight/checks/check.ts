import type { Finding } from '@godwit/contracts/findings';
import type { Facts } from '../facts/facts.ts';

/** Looks at one thing and tells all that it finds; asks no cluster. */
export type Check = (facts: Facts) => Finding[];

/** The name on the destination of a selected namespace. */
export function targetOf({ namespaces }: Pick<Facts, 'namespaces'>, namespace: string): string {
  return Object.hasOwn(namespaces, namespace) ? (namespaces[namespace] as string) : namespace;
}

/** The first few of many names, for a sentence. */
export function someOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
