import { useEffect, useState } from 'react';

const TICK_MS = 1_000;
/** Often enough for what is told as how long ago. */
const SLOW_TICK_MS = 30_000;

/** @returns the time, renewed each second while `ticking`, else every half minute */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ticking ? TICK_MS : SLOW_TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
