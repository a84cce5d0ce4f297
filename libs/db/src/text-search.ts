/** @returns a text for `contains` that is looked for as it is written: Prisma lets `%` and `_` stand for anything there */
export function asWritten(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
