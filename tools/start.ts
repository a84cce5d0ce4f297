import { parseArgs } from 'node:util';
import { buildAll } from './build/build-all.ts';
import { runTool } from './cli/run-tool.ts';
import { untilAskedToStop } from './cli/until-asked-to-stop.ts';
import { startInfrastructure } from './infra/start-infrastructure.ts';
import { lineFormatter } from './stack/log-lines.ts';
import { parseReplicas, planInstances, services } from './stack/services.ts';
import { startStack } from './stack/start-stack.ts';
import { checkToolchains } from './toolchains/check-toolchains.ts';
import { toolchainsForBuild, toolchainsForInfrastructure } from './toolchains/needed-toolchains.ts';

/**
 * `npm start`: everything on this machine in the foreground, until Ctrl-C.
 * `npm start -- --replicas data-mover-service=2` runs more than one of a service; `--no-build` takes what is built.
 */
await runTool(async () => {
  const { values } = parseArgs({
    options: { replicas: { type: 'string', multiple: true, default: [] }, 'no-build': { type: 'boolean' } },
  });
  const replicas = parseReplicas(values.replicas);
  const asked = untilAskedToStop();

  await checkToolchains([...toolchainsForBuild(), ...(await toolchainsForInfrastructure(process.env))]);
  if (!values['no-build']) await buildAll();

  const sources = ['godwit', ...planInstances(services, replicas).map(({ name }) => name)];
  const format = lineFormatter(sources, process.stdout.isTTY ?? false);
  const onLine = (source: string, line: string) => console.log(format(source, line));
  const say = (line: string) => onLine('godwit', line);

  const infrastructure = await startInfrastructure({ onLine: say });
  try {
    const starting = startStack({ infrastructure, replicas, onLine });
    const stack = await Promise.race([starting, asked.then(() => undefined)]);
    if (stack) {
      say(`ready: ${stack.apiUrl} (API: ${stack.apiUrl}/api/docs). Ctrl-C stops.`);
      say(
        `an object store to register: ${infrastructure.s3.endpoint}, bucket ${infrastructure.s3.bucket}, its keys in ${infrastructure.home}`,
      );
      await asked;
    }
    say('stopping');
    await (stack ?? (await starting.catch(() => undefined)))?.stop();
  } finally {
    await infrastructure.stop();
  }
  return 0;
});
