import type { ErrorReport } from '@godwit/contracts/errors';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { isFinished } from '@godwit/contracts/run';
import { nextCommands } from '../next-commands.ts';
import { declarationOf } from '../pipeline.ts';
import type { Command, RunFacts, StepFacts, VolumeFacts } from '../run-facts.ts';

const MOST_TURNS = 2_000;
const TICK_MS = 20_000;
const LEASE_MS = 10_000;

/** A run in memory, with workers and people that do what a seed says. Its rows change as advance and the ledger change them. */
export class RunSimulation {
  run: RunFacts;
  steps: StepFacts[] = [];
  /** `begin NAME` and `end NAME STATE`, in their order. */
  readonly story: string[] = [];
  readonly carriedOut = new Set<Command['type']>();
  /** Taken by a worker only to be stopped. */
  private readonly begunToStop = new Set<StepFacts>();
  private now = new Date('2026-01-01T00:00:00Z');
  private state: number;

  constructor(seed: number, { definition, volumes }: { definition: MigrationDefinition; volumes: readonly VolumeFacts[] }) {
    this.state = seed + 1;
    this.run = { kind: 'Migration', phase: 'Running', cancelRequested: false, definition };
    this.volumes = volumes;
  }

  private readonly volumes: readonly VolumeFacts[];

  /** @throws Error if the run does not come to an end, or to rest */
  walk(): void {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      this.advance();
      if (isFinished(this.run.phase)) return;
      this.now = new Date(this.now.getTime() + this.random() * TICK_MS);
      this.peopleDo();
      for (const step of this.steps) this.workerDoes(step);
    }
    throw new Error(`no end: ${this.run.phase} ${this.steps.map(({ id, state }) => `${id} ${state}`).join(', ')}`);
  }

  private advance(): void {
    for (let round = 0; round < 20; round++) {
      const commands = nextCommands(this.run, this.steps, this.now);
      if (commands.length === 0) return;
      for (const command of commands) this.carryOut(command);
    }
    throw new Error('it does not come to rest');
  }

  private peopleDo(): void {
    if (this.random() < 0.004) this.run.cancelRequested = true;
    if (this.run.phase === 'Held' && this.random() < 0.2) this.run.retryRequested = true;
  }

  private workerDoes(step: StepFacts): void {
    if (step.state === 'Ready' && this.random() < 0.5) {
      Object.assign(step, { state: 'Running', begun: true, leaseUntil: new Date(this.now.getTime() + LEASE_MS) });
      this.story.push(`begin ${step.name}`);
      if (this.run.phase === 'Running') this.begunToStop.delete(step);
      else this.begunToStop.add(step);
    } else if (step.state === 'Running') this.goOn(step);
  }

  private goOn(step: StepFacts): void {
    const { always, undoes } = declarationOf(step.name);
    const mustStop = (this.run.phase !== 'Running' || this.run.cancelRequested) && !always && !undoes;
    const luck = this.random();
    if (luck < 0.03) return; // its worker died: the lease runs out
    step.leaseUntil = new Date(this.now.getTime() + LEASE_MS);
    // What worked when it was told to stop may have been at its end.
    if (mustStop) this.end(step, luck < 0.2 && !this.begunToStop.has(step) ? 'Succeeded' : 'Cancelled');
    else if (luck < 0.08) this.end(step, 'Failed', 'fatal');
    else if (luck < 0.14) this.end(step, 'Failed', 'retryable');
    else if (luck < 0.6) this.end(step, 'Succeeded');
  }

  private end(step: StepFacts, state: 'Succeeded' | 'Failed' | 'Cancelled', kind?: ErrorReport['kind']): void {
    step.state = state;
    delete step.leaseUntil;
    if (kind) {
      step.error = { kind, reason: 'Test', message: 'by chance' };
      step.failures += 1;
    }
    if (step.name === 'preflight' && state === 'Succeeded') this.run.volumes = this.volumes;
    this.story.push(`end ${step.name} ${state}`);
  }

  private carryOut(command: Command): void {
    this.carriedOut.add(command.type);
    const step = 'stepId' in command ? this.steps.find(({ id }) => id === command.stepId)! : undefined;
    switch (command.type) {
      case 'create-step': {
        const { name, item, streams } = command;
        const id = `${name}/${item}`;
        if (this.steps.some((other) => other.id === id)) throw new Error(`${id} is there already`);
        const grant = streams ? { streams: { told: streams, held: streams } } : {};
        this.steps.push({ id, name, item, state: 'Ready', attempt: 1, failures: 0, losses: 0, begun: false, ...grant });
        return;
      }
      case 'set-streams':
        step!.streams = { told: command.streams, held: command.streams };
        return;
      case 'reclaim-step':
        step!.losses += 1;
        this.nextAttempt(step!);
        return;
      case 'retry-step':
        this.nextAttempt(step!);
        return;
      case 'cancel-step':
        step!.state = 'Cancelled';
        return;
      case 'hold':
        Object.assign(this.run, { phase: 'Held', heldUntil: command.until, error: command.error });
        return;
      case 'resume':
        for (const one of this.steps.filter(({ id }) => command.again.includes(id)))
          Object.assign(one, { state: 'Cancelled', failures: 0, losses: 0, begun: false, error: undefined });
        Object.assign(this.run, { phase: 'Running', heldUntil: undefined, retryRequested: false, error: undefined });
        return;
      case 'begin-finishing':
        Object.assign(this.run, { phase: 'Finishing', outcome: command.outcome, error: command.error });
        return;
      case 'finish':
        this.run.phase = command.phase;
    }
  }

  private nextAttempt(step: StepFacts): void {
    step.state = 'Ready';
    step.attempt += 1;
    delete step.leaseUntil;
  }

  /** @returns 0 to 1, always the same for a seed (mulberry32) */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
