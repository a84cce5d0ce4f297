import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigPath } from '../../tools/demo/kubectl.ts';
import { ensureGoProgram, type GoProgram } from '../../tools/infra/go-program.ts';
import { runCommand } from '../../tools/processes/run-command.ts';
import { tellOnStderr } from '../../tools/testing/s3/test-s3-server.ts';
import type { TestCluster } from './cluster.ts';

const KUBESEAL: GoProgram = { module: 'github.com/bitnami-labs/sealed-secrets/cmd/kubeseal', version: 'v0.32.2', static: true };

/** kubeseal, which seals with the key of the controller in a cluster. */
export class Kubeseal {
  constructor(
    private readonly cluster: TestCluster,
    private readonly controllerNamespace: string,
    private readonly controllerName: string,
  ) {}

  /** @returns a SealedSecret that may be opened under any name in any namespace */
  async seal(namespace: string, name: string, stringData: Record<string, string>): Promise<object> {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData };
    const directory = mkdtempSync(join(tmpdir(), 'godwit-seal-'));
    try {
      const file = join(directory, 'secret.json');
      writeFileSync(file, JSON.stringify(secret));
      return JSON.parse(await this.run('--scope=cluster-wide', '--format=json', `--secret-file=${file}`));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  private async run(...args: string[]): Promise<string> {
    return runCommand(await ensureGoProgram(KUBESEAL, 'Install Go 1.26 or newer.', tellOnStderr), [
      ...args,
      `--kubeconfig=${kubeconfigPath(this.cluster.name)}`,
      `--controller-namespace=${this.controllerNamespace}`,
      `--controller-name=${this.controllerName}`,
    ]);
  }
}
