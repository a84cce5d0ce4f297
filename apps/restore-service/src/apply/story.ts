import { describeObject } from '@godwit/contracts/kubernetes-object';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunObject } from '@godwit/db/run-object-store';

const NAMED = 20;
/** Objects are skipped for a few reasons; only where each has its own are they more. */
const MOST_REASONS = 20;
const WORDS: Record<ObjectOutcome, string> = {
  Created: 'created',
  Updated: 'updated',
  Merged: 'merged',
  Unchanged: 'unchanged',
  Skipped: 'skipped',
  Warned: 'not changed as asked',
  Failed: 'failed',
  Deleted: 'deleted',
  Restored: 'restored',
};

/** `Kind namespace/name` for people. */
export function describeRunObject({ kind, namespace, name }: Pick<RunObject, 'kind' | 'namespace' | 'name'>): string {
  return describeObject({ kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
}

/** `42 objects: 38 created, 2 skipped` */
export function describeCounts(counts: Partial<Record<ObjectOutcome, number>>): string {
  const told = (Object.keys(WORDS) as ObjectOutcome[]).filter((outcome) => counts[outcome]);
  const all = told.reduce((sum, outcome) => sum + counts[outcome]!, 0);
  const each = told.map((outcome) => `${counts[outcome]} ${WORDS[outcome]}`).join(', ');
  return `${all} ${all === 1 ? 'object' : 'objects'}${each ? `: ${each}` : ''}`;
}

/** Names joined, and how many more there are where they are too many to read. */
export function nameSome(names: readonly string[], count = names.length): string {
  const named = names.slice(0, NAMED);
  return count > named.length ? `${named.join(', ')} and ${count - named.length} more` : named.join(', ');
}

export interface StoryLine {
  level: 'info' | 'warning';
  message: string;
}

interface Some {
  count: number;
  /** The first ones. */
  named: string[];
}

const none = (): Some => ({ count: 0, named: [] });

/** Gathers, of any number of outcomes, what people are told in the run's log: the first of each sort by name, of the rest how many. */
export class Story {
  private readonly skipped = new Map<string, Some>();
  private readonly failed = none();
  private readonly warned = none();

  /** @param warning the reason is something that people should see to */
  add(object: RunObject, warning = false): void {
    const { outcome, reason = '' } = object;
    if (outcome === 'Failed') add(this.failed, `Failed: ${describeRunObject(object)}: ${reason}`);
    else if (warning) add(this.warned, `${describeRunObject(object)}: ${reason}`);
    else if (outcome === 'Skipped') add(this.skippedFor(reason), describeRunObject(object));
  }

  lines(): StoryLine[] {
    const skipped = [...this.skipped].map(
      ([reason, { named, count }]): StoryLine => ({ level: 'info', message: `Skipped, ${reason}: ${nameSome(named, count)}` }),
    );
    return [...skipped, ...warnings(this.warned, 'need a look'), ...warnings(this.failed, 'failed')];
  }

  private skippedFor(reason: string): Some {
    const key = this.skipped.has(reason) || this.skipped.size < MOST_REASONS ? reason : 'each for a reason of its own';
    const some = this.skipped.get(key) ?? none();
    this.skipped.set(key, some);
    return some;
  }
}

function add(some: Some, text: string): void {
  some.count += 1;
  if (some.named.length < NAMED) some.named.push(text);
}

function warnings({ named, count }: Some, what: string): StoryLine[] {
  const more = count > named.length ? [`${count - named.length} more objects ${what}`] : [];
  return [...named, ...more].map((message) => ({ level: 'warning', message }));
}
