import { buildAll } from './build/build-all.ts';
import { ensureSystemPackages } from './checks/system-packages.ts';
import { runWebTests } from './checks/web.ts';
import { runTool } from './cli/run-tool.ts';
import { startInfrastructure } from './infra/start-infrastructure.ts';

/** `npm run screenshots`: pictures of all pages of the web app, in three widths and both themes, into .godwit/screenshots. */
await runTool(async () => {
  await ensureSystemPackages(['chromium']);
  await buildAll();
  const infrastructure = await startInfrastructure({ isolated: true, onLine: console.log });
  try {
    const { failed } = await runWebTests(infrastructure, process.argv.slice(2), 'screenshots.config.ts');
    return failed > 0 ? 1 : 0;
  } finally {
    await infrastructure.stop();
  }
});
