import { CronExpressionParser } from 'cron-parser';

const FIVE_FIELDS = /^\S+( \S+){4}$/;
const NICKNAME = /^@(yearly|annually|monthly|weekly|daily|hourly)$/;

/**
 * Reads cron expressions of five fields (minutes are the finest) and the usual nicknames. In the hours that a time zone skips or
 * repeats they are read as cron does: a time of day that does not exist is an hour later that day, one that exists twice comes once.
 *
 * @returns what is wrong with the expression, for people; undefined if it is one
 */
export function cronProblem(cron: string): string | undefined {
  if (!FIVE_FIELDS.test(cron) && !NICKNAME.test(cron))
    return 'has to have five fields (minute, hour, day of month, month, day of week) with a space between them, or be as @daily';
  // Jenkins' H is another number each time that it is read.
  if (/H/.test(cron)) return 'has an H, which is no time';
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' }).next();
    return undefined;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

/** @returns whether it is the name of a time zone (IANA), as `Europe/Berlin` */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** @returns the next times, the first of them after this one */
export function timesAfter(cron: string, timeZone: string, after: Date, count: number): Date[] {
  const times = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: after });
  return Array.from({ length: count }, () => times.next().toDate());
}

/** @returns the last time that is not after this one */
export function timeUntil(cron: string, timeZone: string, until: Date): Date {
  const currentDate = new Date(until.getTime() + 1);
  return CronExpressionParser.parse(cron, { tz: timeZone, currentDate }).prev().toDate();
}
