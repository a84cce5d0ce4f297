import { timesAfter } from '@godwit/contracts/cron';
import type { ScheduleView } from '@godwit/contracts/schedules';
import type { SavedSchedule } from '@godwit/db/schedule-store';

const TIMES = 5;

export function toScheduleView(saved: SavedSchedule): ScheduleView {
  const { organisationId: _organisationId, nextRunAt, lastScheduleTime, createdAt, updatedAt, ...schedule } = saved;
  const later = timesAfter(schedule.schedule, schedule.timeZone, nextRunAt, TIMES - 1);
  return {
    ...schedule,
    nextTimes: schedule.suspend ? [] : [nextRunAt, ...later].map((time) => time.toISOString()),
    ...(lastScheduleTime ? { lastScheduleTime: lastScheduleTime.toISOString() } : {}),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
