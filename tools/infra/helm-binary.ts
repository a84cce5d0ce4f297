import { ensureGoProgram, type GoProgram } from './go-program.ts';

const HELM: GoProgram = { module: 'helm.sh/helm/v3/cmd/helm', version: 'v3.22.0' };

/** @returns path of Helm, built once into the cache (one to two minutes the first time). */
export function ensureHelmBinary(): Promise<string> {
  return ensureGoProgram(HELM, 'Install Go 1.26 or newer.', (line) => process.stderr.write(`${line}\n`));
}
