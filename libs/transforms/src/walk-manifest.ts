export type Fields = Record<string, unknown>;

/**
 * Gives each object within a value, the innermost first, to `change`. What does not change is kept as it is, not copied.
 */
export function mapFields<T>(value: T, change: (fields: Fields) => Fields): T {
  if (Array.isArray(value)) {
    const mapped = value.map((item) => mapFields(item, change));
    return (mapped.some((item, index) => item !== value[index]) ? mapped : value) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  const entries = Object.entries(fields).map(([key, item]) => [key, mapFields(item, change)] as const);
  const changed = entries.some(([key, item]) => item !== fields[key]);
  return change(changed ? Object.fromEntries(entries) : fields) as T;
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
  if (Array.isArray(value)) {
    const mapped = value.map((item, index) => mapItem(item, `${path}[${index}]`, value, index, change));
    return mapped.some((item, index) => item !== value[index]) ? (mapped as T) : value;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]) => {
    const mapped = mapItem(item, path + step(key, path === ''), value, key, change);
    changed ||= mapped !== item;
    return [key, mapped] as const;
  });
  return changed ? (Object.fromEntries(entries) as T) : value;
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

function step(key: string, isFirst: boolean): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `["${key}"]`;
  return isFirst ? key : `.${key}`;
}
