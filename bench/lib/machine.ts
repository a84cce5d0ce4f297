import { cpus, release, totalmem } from 'node:os';

/** @returns what machine this is, for the report */
export function describeMachine(): string {
  const [first] = cpus();
  const model = first?.model.replace(/\s+/g, ' ').trim() || process.arch;
  return `${cpus().length} CPUs (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
}
