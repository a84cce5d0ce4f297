import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import type { ApplyResult } from './apply-object.ts';

const BATCH = 200;

/** Collects what became of the objects and writes it in batches, so that many objects cost few transactions. */
export class Outcomes {
  private readonly all = new Map<string, RunObject>();
  private unwritten: RunObject[] = [];

  /** @param earlier what an earlier attempt of the step has written */
  constructor(
    private readonly store: Pick<RunObjectStore, 'record'>,
    private readonly runId: string,
    private readonly earlier: readonly RunObject[],
  ) {
    this.earlierByKey = new Map(earlier.map((object) => [keyOf(object), object]));
  }

  private readonly earlierByKey: ReadonlyMap<string, RunObject>;

  /** True if an earlier attempt of the step has come this far. */
  get resumed(): boolean {
    return this.earlier.length > 0;
  }

  async add({ apiVersion, kind, metadata }: KubernetesObject, { outcome, reason, live }: ApplyResult): Promise<void> {
    const now: RunObject = {
      apiVersion,
      kind,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      outcome,
      ...(reason ? { reason } : {}),
      ...(live?.metadata.uid ? { uid: live.metadata.uid } : {}),
    };
    const told = firstTold(this.earlierByKey.get(keyOf(now)), now);
    this.all.set(keyOf(told), told);
    this.unwritten.push(told);
    if (this.unwritten.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.unwritten;
    this.unwritten = [];
    if (batch.length > 0) await this.store.record(this.runId, batch);
  }

  list(): RunObject[] {
    return [...this.all.values()];
  }
}

/** What an attempt changed looks unchanged to the next one; for the run, it was changed. */
export function firstTold(earlier: RunObject | undefined, now: RunObject): RunObject {
  const wasChanged = earlier?.outcome === 'Updated' || earlier?.outcome === 'Merged';
  return wasChanged && now.outcome === 'Unchanged' ? { ...now, outcome: earlier.outcome } : now;
}

/** The version may differ from attempt to attempt, the object does not. */
function keyOf({ apiVersion, kind, namespace, name }: RunObject): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}
