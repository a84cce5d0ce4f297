export type Fields = Record<string, unknown>;

/**
 * Gives each object within a value, the innermost first, to `change`. What does not change is kept as it is, not copied.
 */
export function mapFields<T>(value: T, change: (fields: Fields) => Fields): T {
  if (Array.isArray(value)) return mapItems(value, (item) => mapFields(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return change(mapValues(value as Fields, (item) => mapFields(item, change))) as T;
}

/** Most manifests stay as they are, so the copy is made where the first change is. */
function mapItems(items: unknown[], map: (item: unknown, index: number) => unknown): unknown[] {
  let mapped = items;
  for (const [index, item] of items.entries()) {
    const next = map(item, index);
    if (next === item) continue;
    if (mapped === items) mapped = [...items];
    mapped[index] = next;
  }
  return mapped;
}

function mapValues(fields: Fields, map: (item: unknown, key: string) => unknown): Fields {
  const changed: [string, unknown][] = [];
  for (const key of Object.keys(fields)) {
    const next = map(fields[key], key);
    if (next !== fields[key]) changed.push([key, next]);
  }
  // Entries, not assignments: a key may be called `__proto__`.
  return changed.length > 0 ? Object.fromEntries([...Object.entries(fields), ...changed]) : fields;
}

/** A string within a manifest. */
export interface Leaf {
  text: string;
  /** As in `spec.template.spec.containers[0].env[1].value`. */
  path: string;
  /** The list or the fields in which it stands, and where. */
  parent: unknown[] | Fields;
  key: number | string;
}

/** Gives each string within a value to `change`. What does not change is kept as it is, not copied. */
export function mapStrings<T extends unknown[] | Fields>(value: T, change: (leaf: Leaf) => string, path = ''): T {
  const mapped = Array.isArray(value)
    ? mapItems(value, (item, index) => mapItem(item, `${path}[${index}]`, value, index, change))
    : mapValues(value, (item, key) => mapItem(item, path + step(key, path === ''), value, key, change));
  return mapped as T;
}

function mapItem(
  item: unknown,
  path: string,
  parent: unknown[] | Fields,
  key: number | string,
  change: (leaf: Leaf) => string,
): unknown {
  if (typeof item === 'string') return change({ text: item, path, parent, key });
  return typeof item === 'object' && item !== null ? mapStrings(item as Fields, change, path) : item;
}

/** What stands at a path, as `mapStrings` tells paths. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const [, quoted, plain] of path.matchAll(/\["(.*?)"\]|([^.[\]]+)/g)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Fields)[quoted ?? plain ?? ''];
  }
  return at;
}

function step(key: string, isFirst: boolean): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `["${key}"]`;
  return isFirst ? key : `.${key}`;
}
