import { parseArgs } from 'node:util';
import { buildAll } from './build/build-all.ts';
import { runTool } from './cli/run-tool.ts';
import { interruptVisible } from './cli/run-visibly.ts';
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
  const givingUp = new AbortController();
  const asked = untilAskedToStop().then(() => {
    givingUp.abort();
    interruptVisible();
  });

  await checkToolchains([...toolchainsForBuild(), ...(await toolchainsForInfrastructure(process.env))]);
  const image = values['no-build'] ? undefined : await buildAll();

  const sources = ['godwit', ...planInstances(services, replicas).map(({ name }) => name)];
  const format = lineFormatter(sources, process.stdout.isTTY ?? false);
  const onLine = (source: string, line: string) => console.log(format(source, line));
  const say = (line: string) => onLine('godwit', line);

  const infrastructure = await startInfrastructure({ onLine: say });
  try {
    const stack = await startStack({ infrastructure, replicas, onLine, signal: givingUp.signal }).catch((error: Error) => {
      if (!givingUp.signal.aborted) throw error;
    });
    if (stack) {
      say(`ready: ${stack.apiUrl} (API: ${stack.apiUrl}/api/docs). Ctrl-C stops.`);
      say(
        `an object store to register: ${infrastructure.s3.endpoint}, bucket ${infrastructure.s3.bucket}, its keys in ${infrastructure.home}`,
      );
      if (image) say(`the mover's image, for clusters that cannot pull it: ${image.archive} (${image.tag})`);
      await asked;
      say('stopping');
      await stack.stop();
    }
  } finally {
    await infrastructure.stop();
  }
  return 0;
});
