import { cronProblem, isTimeZone, timesAfter } from '@godwit/contracts/cron';
import cronstrue from 'cronstrue';

/** @param cron as `SaveSchedule` takes it. @returns when it is due, in words; undefined if there are none for it */
export function cronText(cron: string): string | undefined {
  if (cronProblem(cron.trim())) return undefined;
  try {
    return cronstrue.toString(cron.trim(), { use24HourTimeFormat: true, verbose: true });
  } catch {
    return undefined;
  }
}

/** @returns the next times of an expression, none while it or the time zone cannot be read */
export function nextTimes(cron: string, timeZone: string, now: Date, count: number): Date[] {
  if (cronProblem(cron.trim()) || !isTimeZone(timeZone)) return [];
  return timesAfter(cron.trim(), timeZone, now, count);
}
