import type { FieldError } from '@godwit/contracts/problem-details';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { fieldMessage } from './field-message.ts';
import { keyOf, type Path, valueAt, withValueAt } from './paths.ts';

/** What is filled in, and what is wrong with it. */
export interface Form<T> {
  values: unknown;
  /** As the schema reads it, its defaults filled in; undefined while anything is wrong. */
  parsed: T | undefined;
  at(path: Path): unknown;
  set(path: Path, value: unknown): void;
  /** What is wrong at the path, once it was touched or all was asked for. */
  errorOf(path: Path): string | undefined;
  /** All that is wrong, touched or not. */
  errors: readonly FieldError[];
  /** Shows what is wrong at these paths. */
  show(paths: readonly Path[]): void;
  /** Shows what is wrong everywhere. @returns the values if nothing is */
  check(): T | undefined;
  /** What the API found wrong; each until its field is changed. */
  refuse(errors: readonly FieldError[]): void;
  reset(values: unknown): void;
}

export interface FormOptions<T> {
  schema: z.ZodType<T>;
  initial: unknown;
  /** What the schema cannot see, of values that it may not have taken. */
  checkMore?: (values: unknown) => readonly FieldError[];
}

/** A form over a schema of the API: the same checks here, as one types, and there. */
export function useForm<T>({ schema, initial, checkMore }: FormOptions<T>): Form<T> {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setChecked] = useState(false);
  const [refused, setRefused] = useState<readonly FieldError[]>([]);

  const { parsed, found } = useMemo(() => {
    const result = schema.safeParse(values);
    const issues = (result.error?.issues ?? []).map((issue) => {
      const path = issue.path as (string | number)[];
      return { path, message: fieldMessage(issue as Parameters<typeof fieldMessage>[0], valueAt(values, path)) };
    });
    const all = [...issues, ...(checkMore?.(values) ?? [])];
    return { parsed: all.length === 0 ? result.data : undefined, found: all };
  }, [schema, values, checkMore]);

  const errors = useMemo(() => [...refused, ...found], [refused, found]);
  const isAt = (path: Path) => {
    const key = keyOf(path);
    return (error: FieldError) => keyOf(error.path) === key;
  };
  return {
    values,
    parsed,
    errors,
    at: (path) => valueAt(values, path),
    set(path, value) {
      setValues((present: unknown) => withValueAt(present, path, value));
      setTouched((present) => new Set(present).add(keyOf(path)));
      // Also what was said of its parts.
      setRefused((present) => present.filter(({ path: at }) => path.some((key, index) => String(at[index]) !== String(key))));
    },
    errorOf(path) {
      const byApi = refused.find(isAt(path));
      if (byApi) return byApi.message;
      return isChecked || touched.has(keyOf(path)) ? found.find(isAt(path))?.message : undefined;
    },
    show(paths) {
      setTouched((present) => new Set([...present, ...paths.map(keyOf)]));
    },
    check() {
      setChecked(true);
      return parsed;
    },
    refuse: setRefused,
    reset(next) {
      setValues(next);
      setTouched(new Set());
      setChecked(false);
      setRefused([]);
    },
  };
}
