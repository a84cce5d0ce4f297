import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { godwitHome, repository } from '../infra/home.ts';
import { assertPortFree, freePort, portFromEnvironment } from '../infra/ports.ts';
import { ensureSecretFile } from '../infra/secrets.ts';
import type { Infrastructure } from '../infra/start-infrastructure.ts';
import type { OwnedCommand } from '../processes/owned-process.ts';
import { reclaim } from '../processes/process-record.ts';
import { type Supervised, supervise } from '../processes/supervisor.ts';
import { type ReadinessTarget, untilAllReady } from './readiness.ts';
import { services as allServices, BASE_PORT, planInstances, type ServiceDefinition, type ServiceInstance } from './services.ts';

export interface StackOptions {
  infrastructure: Infrastructure;
  /** All five when not given. */
  services?: readonly ServiceDefinition[];
  replicas?: Readonly<Record<string, number>>;
  /** For tests: any free ports instead of 7400 and following. */
  freePorts?: boolean;
  /** Environment of the services beside what is always set. */
  env?: NodeJS.ProcessEnv;
  /** Gets each line of each service, as it was written, and what the supervisor has to say of it. */
  onLine?: (source: string, line: string) => void;
  /** Until every service is ready. */
  timeoutMs?: number;
  /** Gives up starting: what runs already is stopped, and the start fails. */
  signal?: AbortSignal;
}

export interface Stack {
  /** Of the first service: the API and the web app. */
  apiUrl: string;
  instances: readonly ServiceInstance[];
  /** Sends a signal to the process of an instance (`data-mover-service-2`); after its end it is started again. */
  kill(instance: string, signal: NodeJS.Signals): void;
  /** How often an instance was started again. */
  restarts(instance: string): number;
  /** Resolves when every instance answers that it is ready. */
  ready(timeoutMs?: number): Promise<void>;
  /** Stops the services, the last started first; the infrastructure is its owner's. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Runs the built services as processes and keeps them running; returns when all are ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { infrastructure, freePorts = false, timeoutMs = 90_000 } = options;
  const onLine = options.onLine ?? (() => undefined);
  const planned = planInstances(options.services ?? allServices, options.replicas);
  const shift = portFromEnvironment('GODWIT_BASE_PORT', BASE_PORT) - BASE_PORT;
  const portOf = ({ port }: ServiceInstance) => (freePorts ? freePort() : port + shift);
  const instances = await Promise.all(planned.map(async (instance) => ({ ...instance, port: await portOf(instance) })));
  const running: Supervised[] = [];

  const find = (name: string) => {
    const found = running.find((supervised) => supervised.name === name);
    if (!found)
      throw new Error(`There is no instance ${name}; there are ${instances.map((instance) => instance.name).join(', ')}.`);
    return found;
  };
  const toTarget = ({ name, port }: ServiceInstance): ReadinessTarget => ({
    name,
    url: `http://${HOST}:${port}/healthz/ready`,
    restarts: () => find(name).restarts(),
    lastLines: () => find(name).lastLines(),
  });
  const stack: Stack = {
    apiUrl: `http://${HOST}:${instances[0]?.port}`,
    instances,
    kill: (name, signal) => find(name).current()?.kill(signal),
    restarts: (name) => find(name).restarts(),
    ready: (within = timeoutMs) => untilAllReady(instances.map(toTarget), within, options.signal),
    async stop() {
      for (const supervised of running.toReversed()) await supervised.stop();
    },
  };
  try {
    for (const instance of instances) {
      await makeWay(infrastructure.home, instance);
      const command = serviceCommand(instance, infrastructure, options.env, onLine);
      running.push(await supervise(command, (line) => onLine(instance.name, line)));
    }
    await stack.ready();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

function serviceCommand(
  { name, port, main }: ServiceInstance,
  { home, databaseUrl, redisUrl }: Infrastructure,
  env: NodeJS.ProcessEnv | undefined,
  onLine: (source: string, line: string) => void,
): OwnedCommand {
  return {
    name,
    home,
    file: process.execPath,
    args: ['--enable-source-maps', main],
    cwd: repository,
    env: {
      LOG_LEVEL: 'info',
      // A start is mostly compiling of dependencies: https://nodejs.org/api/module.html#module-compile-cache
      NODE_COMPILE_CACHE: join(godwitHome(), 'compile-cache'),
      // The clusters and the object storage that are started here.
      GODWIT_ENDPOINT_NETWORKS: '127.0.0.0/8,::1/128',
      ...process.env,
      ...env,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      GODWIT_HTTP_PORT: String(port),
      GODWIT_MASTER_KEY: ensureSecretFile(join(home, 'master-key'), () => randomBytes(32).toString('base64')),
    },
    onLine: (line) => onLine(name, line),
  };
}

async function makeWay(home: string, { name, port }: ServiceInstance): Promise<void> {
  await reclaim(join(home, 'run', `${name}.json`), 'SIGTERM');
  const cure = `Set GODWIT_BASE_PORT to another port than ${BASE_PORT} to move all services.`;
  await assertPortFree({ what: name, host: HOST, port, cure });
}
