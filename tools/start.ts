import { parseArgs } from 'node:util';
import { buildAll } from './build/build-all.ts';
import { runTool } from './cli/run-tool.ts';
import { interruptVisible } from './cli/run-visibly.ts';
import { untilAskedToStop } from './cli/until-asked-to-stop.ts';
import { startInfrastructure } from './infra/start-infrastructure.ts';
import { lineFormatter } from './stack/log-lines.ts';
import { registerObjectStore } from './stack/register-object-store.ts';
import { parseReplicas, planInstances, services } from './stack/services.ts';
import { startStack } from './stack/start-stack.ts';
import { checkToolchains } from './toolchains/check-toolchains.ts';
import { toolchainsForInfrastructure } from './toolchains/needed-toolchains.ts';

/**
 * `npm start`: everything on this machine in the foreground, until Ctrl-C.
 * `npm start -- --replicas data-mover-service=2` runs more than one of a service; `--no-build` takes what is built.
 */
await runTool(async () => {
  const { values } = parseArgs({
    options: { replicas: { type: 'string', multiple: true, default: [] }, 'no-build': { type: 'boolean' } },
  });
  const replicas = parseReplicas(values.replicas);
  const givingUp = new AbortController();
  const asked = untilAskedToStop().then(() => {
    givingUp.abort();
    interruptVisible();
  });

  await checkToolchains(await toolchainsForInfrastructure(process.env));
  const image = values['no-build'] ? undefined : await buildAll();

  const sources = ['godwit', ...planInstances(services, replicas).map(({ name }) => name)];
  const format = lineFormatter(sources, process.stdout.isTTY ?? false);
  const onLine = (source: string, line: string) => {
    const text = format(source, line);
    if (text !== undefined) console.log(text);
  };
  const say = (line: string) => onLine('godwit', line);

  const infrastructure = await startInfrastructure({ onLine: say });
  try {
    const stack = await startStack({ infrastructure, replicas, onLine, signal: givingUp.signal });
    try {
      const { state, problem } = await registerObjectStore(stack.apiUrl, infrastructure.s3);
      say(`object store "local" is registered: ${infrastructure.s3.endpoint}, ${state}${problem ? ` (${problem.message})` : ''}`);
      if (image) say(`the mover's image, for clusters that cannot pull it: ${image.archive} (${image.tag})`);
      say(`ready: open ${stack.apiUrl} in a browser (API: ${stack.apiUrl}/api/docs). Ctrl-C stops.`);
      say(
        `there: register the source and the destination under Clusters, then define a migration; Migrations says what is missing`,
      );
      await asked;
      say('stopping');
    } finally {
      await stack.stop();
    }
  } catch (error) {
    if (!givingUp.signal.aborted) throw error;
  } finally {
    await infrastructure.stop();
  }
  return 0;
});
