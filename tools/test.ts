import { type Outcome, summarise, tellFailures } from './checks/outcome.ts';
import { type PartName, parts } from './checks/parts.ts';
import { runTool } from './cli/run-tool.ts';
import { interruptVisible } from './cli/run-visibly.ts';
import { untilAskedToStop } from './cli/until-asked-to-stop.ts';

/**
 * `npm test`: all parts, also after one has failed; `npm run test:PART -- ...` is one part with arguments for Jest.
 * The last line is always `N passed, N failed`.
 */
await runTool(async () => {
  const [wanted, ...args] = process.argv.slice(2);
  const names = wanted === undefined ? (Object.keys(parts) as PartName[]) : wanted.split(',').map(partName);
  let interrupted = false;
  untilAskedToStop().then(() => {
    interrupted = true;
    interruptVisible();
  });

  const outcomes: Outcome[] = [];
  for (const name of names) if (!interrupted) outcomes.push(await runPart(name, args));
  if (interrupted) console.log('\nInterrupted: what follows is not the whole.');
  const failures = tellFailures(outcomes);
  if (failures !== '') console.log(`\n${failures}`);
  console.log(`\n${summarise(outcomes)}`);
  return interrupted || outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
});

async function runPart(part: PartName, args: readonly string[]): Promise<Outcome> {
  const startedAt = Date.now();
  console.log(`\n=== ${part} ===`);
  const count = await parts[part](args).catch((error: Error) => {
    console.error(process.env.GODWIT_DEBUG ? error : error.message);
    return { passed: 0, failed: 1 };
  });
  return { part, ...count, seconds: (Date.now() - startedAt) / 1000 };
}

function partName(text: string): PartName {
  if (text in parts) return text as PartName;
  throw new Error(`There is no part ${text} of the tests; there are ${Object.keys(parts).join(', ')}.`);
}
