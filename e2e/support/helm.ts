import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigPath } from '../../tools/demo/kubectl.ts';
import { ensureHelmBinary } from '../../tools/infra/helm-binary.ts';
import { runCommand } from '../../tools/processes/run-command.ts';
import type { TestCluster } from './cluster.ts';

export interface HelmRelease {
  name: string;
  revision: string;
  status: string;
  chart: string;
}

/** Helm on a cluster of the test bed, as its admin. */
export class Helm {
  constructor(private readonly cluster: TestCluster) {}

  /** Installs a chart, or upgrades its release, and waits until all of it is ready. */
  async upgrade(release: string, chart: string, namespace: string, values: object): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'godwit-values-'));
    try {
      const file = join(directory, 'values.json');
      writeFileSync(file, JSON.stringify(values));
      const options = ['--install', '--create-namespace', '--wait', '--timeout=120s', `--namespace=${namespace}`];
      await this.run('upgrade', release, chart, ...options, `--values=${file}`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async releases(namespace: string): Promise<HelmRelease[]> {
    return JSON.parse(await this.run('list', `--namespace=${namespace}`, '--output=json'));
  }

  private async run(...args: string[]): Promise<string> {
    return runCommand(await ensureHelmBinary(), [...args, `--kubeconfig=${kubeconfigPath(this.cluster.name)}`]);
  }
}
