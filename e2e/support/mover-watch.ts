import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GODWIT_NAMESPACE, STEP_LABEL } from '@godwit/contracts/labels';
import { TESTBED, type TestbedCluster } from '../../tools/demo/kubectl.ts';

const LINE = `{.type} {.object.metadata.name} {.object.status.containerStatuses[0].state.running.startedAt} {.object.metadata.labels.${STEP_LABEL.replaceAll('.', '\\.')}}{"\\n"}`;

/** Counts the mover pods that really run in a cluster: every change of a pod is seen, none falls between two looks. */
export class MoverWatch {
  private readonly running = new Set<string>();
  private readonly child: ChildProcess;
  /** The most that ran at the same time. */
  most = 0;
  /** Pods that ran at all. */
  readonly seen = new Set<string>();

  constructor(cluster: TestbedCluster) {
    const args = ['get', 'pods', '-n', GODWIT_NAMESPACE, '--watch', '--output-watch-events', '-o', `jsonpath=${LINE}`];
    // A group of its own: kubectl is a child of the script.
    const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'inherit'], detached: true, env: process.env };
    this.child = spawn('bash', [TESTBED, 'kubectl', cluster, ...args], options);
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.read(line));
  }

  stop(): void {
    process.kill(-this.child.pid!);
  }

  private read(line: string): void {
    const [type, name = '', startedAt, step = ''] = line.split(' ');
    if (!step.endsWith('-volume')) return;
    if (type === 'DELETED' || !startedAt) this.running.delete(name);
    else this.running.add(name);
    if (this.running.has(name)) this.seen.add(name);
    this.most = Math.max(this.most, this.running.size);
  }
}
