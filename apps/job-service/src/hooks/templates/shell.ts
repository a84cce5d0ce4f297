/** A hook's command that is a script. It runs in the image's own `sh`, so it keeps to POSIX. */
export function shell(script: string): string[] {
  return ['sh', '-euc', script.trim()];
}

/** A variable of the script, with what stands for it where it is not set: `${NAME:-other}`. */
export function variable(name: string, otherwise = ''): string {
  return `\${${name}:-${otherwise}}`;
}
