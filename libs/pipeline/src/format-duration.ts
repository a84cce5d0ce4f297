const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** @returns a span of time for people: `0 s`, `42 s`, `3 min 5 s`, `2 h 7 min` */
export function formatDuration(milliseconds: number): string {
  const rounded = Math.round(milliseconds / SECOND) * SECOND;
  if (rounded < MINUTE) return `${rounded / SECOND} s`;
  if (rounded < HOUR) return joined(rounded, MINUTE, 'min', SECOND, 's');
  return joined(rounded, HOUR, 'h', MINUTE, 'min');
}

function joined(span: number, unit: number, unitName: string, rest: number, restName: string): string {
  const [whole, left] = [Math.floor(span / unit), Math.floor((span % unit) / rest)];
  return left === 0 ? `${whole} ${unitName}` : `${whole} ${unitName} ${left} ${restName}`;
}
