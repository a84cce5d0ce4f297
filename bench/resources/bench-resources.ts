import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCode } from '../../tools/build/generate-code.ts';
import { runVisibly } from '../../tools/cli/run-visibly.ts';
import { kubeconfigPath, kubectlOn } from '../../tools/demo/kubectl.ts';
import { repository } from '../../tools/infra/home.ts';
import { type Infrastructure, startInfrastructure } from '../../tools/infra/start-infrastructure.ts';
import { ensureNativeCore } from '../../tools/native-core/ensure-native-core.ts';
import { runCommand } from '../../tools/processes/run-command.ts';
import { type Arena, openArena } from '../lib/arena.ts';
import { describeCheckout } from '../lib/describe-checkout.ts';
import { describeMachine } from '../lib/machine.ts';
import { type Command, measure } from '../lib/measure.ts';
import { buildPrograms } from '../lib/programs.ts';
import { APPLY_TOOLS, type ApplyToolName, type Options } from '../options.ts';
import { type ResourceMeasurement, type ResourceRow, resourcesResultsFile, writeResults } from '../report/results.ts';
import { DEFINITION, makeGround, makeObjects, namespacesOf } from './objects.ts';

const MB = 1e6;
/** Of all objects: how many our own engine also applies alone, to tell how its memory grows. */
const FEW = 0.1;

interface Bench {
  infrastructure: Infrastructure;
  arena: Arena;
}

/** Applies the same objects with each tool to the destination of the test bed. @returns what failed, for people */
export async function benchResources({ objects, applyTools: tools, out }: Options): Promise<string[]> {
  if (!existsSync(kubeconfigPath('dest'))) throw new Error('The test bed is not up: npm run testbed -- up dest');
  await Promise.all([buildPrograms(), buildService()]);
  const arena = openArena('/dev/shm');
  const infrastructure = await startInfrastructure({ isolated: true });
  const bench = { infrastructure, arena };
  const failures: string[] = [];
  try {
    const rounds = [
      ...(tools.includes('godwit') ? [{ count: Math.round(objects * FEW), tool: 'godwit' as const }] : []),
      ...APPLY_TOOLS.filter((tool) => tools.includes(tool)).map((tool) => ({ count: objects, tool })),
    ];
    const rows: ResourceRow[] = [];
    for (const { count, tool } of rounds) {
      await clean(count);
      try {
        rows.push(await applyWith(bench, tool, count));
      } catch (error) {
        failures.push(`${tool}, ${count} objects: ${(error as Error).message}`);
      }
      await clean(count);
    }
    const measuredAt = new Date().toISOString();
    const measurement = { set: 'mixed' as const, measuredAt, machine: describeMachine(), tools: await describeTools(tools) };
    if (rows.length > 0) writeResults(out ?? resourcesResultsFile, { measurements: [measurement], rows });
  } finally {
    await infrastructure.stop();
  }
  return failures;
}

async function applyWith(bench: Bench, tool: ApplyToolName, count: number): Promise<ResourceRow> {
  const command = tool === 'godwit' ? await godwitCommand(bench, count) : kubectlCommand(bench, tool, count);
  const { seconds, cpuSeconds, peakBytes } = await measure([[command]]);
  const objects = count + makeGround(count).length;
  const row: ResourceRow = {
    set: 'mixed',
    phase: 'apply',
    tool,
    objects,
    seconds: Number(seconds.toFixed(2)),
    cpuSeconds: Number(cpuSeconds.toFixed(2)),
    peakMb: Number((peakBytes / MB).toFixed(1)),
  };
  console.log(`${tool}: ${objects} objects in ${row.seconds} s, ${Math.round(objects / seconds)} objects/s, ${row.peakMb} MB`);
  return row;
}

async function godwitCommand({ infrastructure, arena }: Bench, objects: number): Promise<Command> {
  const directory = arena.fresh('godwit');
  const file = join(directory, 'run.json');
  const { databaseUrl, s3: store } = infrastructure;
  writeFileSync(file, JSON.stringify({ kubeconfig: kubeconfigPath('dest'), databaseUrl, store, objects }));
  const program = join(import.meta.dirname, 'godwit-run.ts');
  await runCommand(process.execPath, [program, 'prepare', file]);
  const env = { NODE_ENV: 'production' };
  return { args: [process.execPath, program, 'apply', file], env, log: join(directory, 'log') };
}

/** The kinds of what kubectl applies must be known before: so the definition goes first, and the rest when it is served. */
function kubectlCommand({ arena }: Bench, tool: ApplyToolName, count: number): Command {
  const directory = arena.fresh(tool);
  const list = (name: string, items: object[]) => {
    const file = join(directory, name);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return file;
  };
  const how = tool === 'kubectl-ssa' ? '--server-side' : '';
  const kubectl = `${join(repository, 'testbed/testbed')} kubectl dest`;
  const script = [
    `${kubectl} apply ${how} -f ${list('ground.json', makeGround(count))}`,
    `${kubectl} wait --for=condition=Established customresourcedefinition/${DEFINITION}`,
    `${kubectl} apply ${how} -f ${list('objects.json', makeObjects(count))}`,
  ].join(' && ');
  return { args: ['bash', '-c', script], log: join(directory, 'log') };
}

async function clean(count: number): Promise<void> {
  const kubectl = kubectlOn('dest');
  await kubectl(['delete', 'namespace', '--ignore-not-found', '--wait', '--timeout=300s', ...namespacesOf(count)]);
  await kubectl(['delete', 'customresourcedefinition', DEFINITION, '--ignore-not-found', '--wait', '--timeout=60s']);
}

/** The service as it is run. */
async function buildService(): Promise<void> {
  await ensureNativeCore();
  await generateCode();
  const code = await runVisibly('tsc', ['-b', join(repository, 'apps/restore-service')]);
  if (code !== 0) throw new Error('The build failed: see above.');
}

async function describeTools(tools: readonly ApplyToolName[]): Promise<ResourceMeasurement['tools']> {
  const told = JSON.parse(await kubectlOn('dest')(['version', '--output=json'])) as Record<string, { gitVersion: string }>;
  const kubectl = `kubectl ${told.clientVersion?.gitVersion} with its defaults`;
  const all: Record<ApplyToolName, string> = {
    godwit: `the step that applies, of ${await describeCheckout()}, on Node.js ${process.versions.node}`,
    kubectl: `\`kubectl apply -f\`, ${kubectl}`,
    'kubectl-ssa': `\`kubectl apply --server-side -f\`, ${kubectl}`,
  };
  return Object.fromEntries(tools.map((tool) => [tool, all[tool]]));
}
