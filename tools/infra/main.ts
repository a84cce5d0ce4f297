import { parseArgs } from 'node:util';
import { runTool } from '../cli/run-tool.ts';
import { untilAskedToStop } from '../cli/until-asked-to-stop.ts';
import { startInfrastructure } from './start-infrastructure.ts';

/** `npm run infra`: the servers alone, in the foreground, for work on the services. `--isolated` for throw-away ones. */
await runTool(async () => {
  const { values } = parseArgs({ options: { isolated: { type: 'boolean' } } });
  const asked = untilAskedToStop();
  const infrastructure = await startInfrastructure({ isolated: values.isolated, onLine: console.log });
  console.log(`Ready. Secrets are in ${infrastructure.home}. Ctrl-C stops.`);
  await asked;
  await infrastructure.stop();
  return 0;
});
