/**
 * @param value a value of JSON
 * @param path where it is
 * @returns paths of the texts, and of the fields by their names, that Postgres cannot keep: with a NUL, or half a surrogate pair
 */
export function unstorableTexts(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return isStorable(value) ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorableTexts(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    isStorable(key) ? unstorableTexts(item, [...path, key]) : [[...path, key]],
  );
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
