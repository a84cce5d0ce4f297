import type { Wait } from './admit-runs.ts';

/** @returns what a run waits for, for people: `2nd in the queue: cluster "old" runs 2 of at most 2` */
export function explainWait(wait: Wait, nameOfCluster: (id: string) => string): string {
  if (wait.for === 'StartTime') return `starts at ${wait.startAt.toISOString()}`;
  return `${ordinal(wait.position)} in the queue: ${reason(wait, nameOfCluster)}`;
}

function reason(wait: Exclude<Wait, { for: 'StartTime' }>, nameOfCluster: (id: string) => string): string {
  switch (wait.for) {
    case 'Migration':
      return `the run ${wait.runId} of the same migration is unfinished`;
    case 'Cluster': {
      const cluster = `cluster "${nameOfCluster(wait.clusterId)}"`;
      if (wait.active >= wait.limit) return `${cluster} runs ${wait.active} of at most ${wait.limit}`;
      return `${cluster} keeps its next place for a run that has waited for long`;
    }
    case 'Organisation':
      return `the organisation runs ${wait.active} of at most ${wait.limit}`;
    case 'Installation':
      return `this installation of Godwit runs ${wait.active} of at most ${wait.limit}`;
  }
}

const RULES = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

function ordinal(position: number): string {
  return `${position}${SUFFIXES[RULES.select(position)] ?? 'th'}`;
}
