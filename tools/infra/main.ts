import { parseArgs } from 'node:util';
import { untilAskedToStop } from '../stack/until-asked-to-stop.ts';
import { startInfrastructure } from './start-infrastructure.ts';

/** `npm run infra`: the servers alone, in the foreground, for work on the services. `--isolated` for throw-away ones. */
const { values } = parseArgs({ options: { isolated: { type: 'boolean' } } });
const infrastructure = await startInfrastructure({ isolated: values.isolated, onLine: console.log });
console.log(`Ready. Secrets are in ${infrastructure.home}. Ctrl-C stops.`);
await untilAskedToStop();
await infrastructure.stop();
process.exit(0);
