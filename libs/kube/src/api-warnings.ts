/**
 * What an API server warns of in an answer that is a success: fields that it does not know and has dropped, versions that are going,
 * pods that a namespace's security level would refuse.
 *
 * @param header `Warning` (RFC 7234): `299 - "unknown field \"spec.a\"", 299 - "…"`
 */
export function apiWarnings(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === 'string' ? header : (header?.join(', ') ?? '');
  const warnings = text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...warnings].map(([, quoted]) => quoted!.replace(/\\(.)/g, '$1'));
}
