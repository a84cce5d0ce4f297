/**
 * @param given a value as it came in, of JSON
 * @param parsed what zod made of it: objects without the keys that their schemas do not know
 * @returns paths of the fields that were left out
 */
export function unknownFields(given: unknown, parsed: unknown): (string | number)[][] {
  if (Array.isArray(given) && Array.isArray(parsed))
    return given.flatMap((item, index) => unknownFields(item, parsed[index]).map((path) => [index, ...path]));
  if (!isRecord(given) || !isRecord(parsed)) return [];
  return Object.keys(given).flatMap((key) =>
    Object.hasOwn(parsed, key) ? unknownFields(given[key], parsed[key]).map((path) => [key, ...path]) : [[key]],
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
