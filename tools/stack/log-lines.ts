import pretty from 'pino-pretty';

export type FormatLine = (source: string, line: string) => string;

const COLOURS = [36, 33, 32, 35, 34, 31];

/**
 * @returns a function that makes a line of a program's log readable: its source before it, padded to the widest of
 * `sources`, and pino's JSON as text. What is not JSON stays as it is.
 */
export function lineFormatter(sources: readonly string[], colour: boolean): FormatLine {
  const width = Math.max(...sources.map((source) => source.length));
  const toText = pretty.prettyFactory({
    colorize: colour,
    ignore: 'pid,hostname,service',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return (source, line) => {
    const prefix = paint(`${source.padEnd(width)} |`, sources.indexOf(source), colour);
    return (line.startsWith('{') ? toText(line) : line)
      .trimEnd()
      .split('\n')
      .map((part) => `${prefix} ${part}`)
      .join('\n');
  };
}

function paint(text: string, index: number, colour: boolean): string {
  return colour && index >= 0 ? `\u001b[${COLOURS[index % COLOURS.length]}m${text}\u001b[0m` : text;
}
