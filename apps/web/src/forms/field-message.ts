/** The part of an issue of zod that a message is made of. */
export interface Issue {
  code?: string | undefined;
  message: string;
  minimum?: unknown;
  origin?: unknown;
}

/** @returns what is wrong with a field, for the person who fills it in; `value` is what the field has */
export function fieldMessage({ code, message, minimum, origin }: Issue, value: unknown): string {
  if (value === undefined || value === '') return 'Fill this in.';
  if (code === 'too_small' && origin === 'array' && Number(minimum) === 1) return 'Choose at least one.';
  if (code === 'too_small' && origin === 'number') return `At least ${String(minimum)}.`;
  const text = message.replace(/^(Invalid input|Too big|Too small): /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
