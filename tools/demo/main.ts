import { parseArgs } from 'node:util';
import { interruptVisible } from '../cli/run-visibly.ts';
import { untilAskedToStop } from '../cli/until-asked-to-stop.ts';
import { runDemo } from './demo.ts';
import { Screen } from './screen.ts';

/**
 * `npm run demo`: migrates a small shop between two real clusters on this machine and proves that nothing is missing.
 * `-- --keep` leaves all running until Ctrl-C, `--no-build` takes what is built. The last line is for machines: `{"demo":"ok",...}` or `{"demo":"failed",...}`.
 */
async function main(): Promise<number> {
  const giveUp = new AbortController();
  const asked = untilAskedToStop().then((reason) => {
    giveUp.abort(new Error(`stopped by ${reason}`));
    interruptVisible();
  });
  try {
    const { values } = parseArgs({
      options: { keep: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
    });
    const result = await runDemo({
      screen: new Screen(),
      keep: values.keep,
      noBuild: values['no-build'],
      asked,
      signal: giveUp.signal,
    });
    console.log(JSON.stringify({ demo: 'ok', ...result }));
    return 0;
  } catch (error) {
    const found = giveUp.signal.aborted ? giveUp.signal.reason : error;
    if (process.env.GODWIT_DEBUG) console.error(error);
    console.log(JSON.stringify({ demo: 'failed', reason: found instanceof Error ? found.message : String(found) }));
    return 1;
  }
}

process.exit(await main());
