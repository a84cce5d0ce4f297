import pretty from 'pino-pretty';

/** @returns the line as it is to be shown, or undefined where it says nothing to a person. */
export type FormatLine = (source: string, line: string) => string | undefined;

/** What is read of a line of pino's; all of it is shown, but for `HIDDEN`. */
interface LogRecord {
  level?: number;
  msg?: string;
  context?: string;
  req?: { method?: string; url?: string };
  res?: { statusCode?: number };
  responseTime?: number;
}

const COLOURS = [36, 33, 32, 35, 34, 31];
const HIDDEN = 'pid,hostname,service,context,req,res,responseTime';
/** Where Nest tells, at each start, what it has wired up. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestMicroservice',
  'NestApplication',
  'Server',
]);
const INFO = 30;

/**
 * @returns a function that makes a line of a program's log readable: its source before it, padded to the widest of
 * `sources`, and pino's JSON as text, requests in short. What is not JSON stays as it is.
 */
export function lineFormatter(sources: readonly string[], colour: boolean): FormatLine {
  const width = Math.max(...sources.map((source) => source.length));
  const toText = pretty.prettyFactory({
    colorize: colour,
    ignore: HIDDEN,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    messageFormat: (record) => summary(record as LogRecord),
  });
  return (source, line) => {
    const record = parse(line);
    if (record && isWiring(record)) return undefined;
    const prefix = paint(`${source.padEnd(width)} |`, sources.indexOf(source), colour);
    return (record ? toText(record) : line)
      .trimEnd()
      .split('\n')
      .map((part) => `${prefix} ${part}`)
      .join('\n');
  };
}

function parse(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isWiring({ level = INFO, context = '' }: LogRecord): boolean {
  return level <= INFO && WIRING.has(context);
}

function summary({ msg = '', req, res, responseTime }: LogRecord): string {
  if (!req?.method) return msg;
  const request = `${req.method} ${req.url}`;
  return res ? `${request} ${res.statusCode} in ${responseTime} ms` : `${request}: ${msg}`;
}

function paint(text: string, index: number, colour: boolean): string {
  return colour && index >= 0 ? `\u001b[${COLOURS[index % COLOURS.length]}m${text}\u001b[0m` : text;
}
