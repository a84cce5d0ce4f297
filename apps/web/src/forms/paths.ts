/** Where a value lies in a form, as in the problems of the API. */
export type Path = readonly (string | number)[];

export function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** @returns what lies at the path; undefined where the way to it ends before */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], root);
}

/** @returns a copy with the value at the path, everything beside the path being the same objects; undefined takes a field away */
export function withValueAt<T>(root: T, path: Path, value: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  const present = (root ?? {}) as Record<string | number, unknown>;
  const inner = withValueAt(present[key], rest, value);
  if (Array.isArray(present)) return present.with(Number(key), inner) as T;
  const { [key]: _gone, ...others } = present;
  return (inner === undefined ? others : { ...present, [key]: inner }) as T;
}
