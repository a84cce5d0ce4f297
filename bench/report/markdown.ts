/** @returns a table whose first column is text and whose others are figures */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** @returns three digits, or more where they stand before the point: 0.123, 1.23, 12.3, 123, 1,234 */
export function figure(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.max(Math.floor(Math.log10(Math.abs(value))), -1));
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @returns a whole number as people read it: 1,234 */
export function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 });
}
