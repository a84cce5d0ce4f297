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

/** Gives each string within a value, with its path, to `change`. What does not change is kept as it is, not copied. */
export function mapStrings<T>(value: T, change: (text: string, path: string) => string, path = ''): T {
  if (typeof value === 'string') return change(value, path) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const mapped = value.map((item, index) => mapStrings(item, change, `${path}[${index}]`));
    return (mapped.some((item, index) => item !== value[index]) ? mapped : value) as T;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]) => {
    const mapped = mapStrings(item, change, path + step(key, path === ''));
    changed ||= mapped !== item;
    return [key, mapped] as const;
  });
  return changed ? (Object.fromEntries(entries) as T) : value;
}

/** Every string within a value with its path, as in `spec.template.spec.containers[0].env[1].value`. */
export function* stringsOf(value: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') {
    yield { path, text: value };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* stringsOf(item, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* stringsOf(item, path + step(key, path === ''));
  }
}

function step(key: string, isFirst: boolean): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `["${key}"]`;
  return isFirst ? key : `.${key}`;
}
