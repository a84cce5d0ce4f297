import { join } from 'node:path';
import { repository } from '../infra/home.ts';

/** A service as the supervisor runs it; `port` is its HTTP port, further replicas take `port + 10 * n`. */
export interface ServiceDefinition {
  name: string;
  port: number;
  /** The built program. */
  main: string;
}

/** Port of the first service, unless GODWIT_BASE_PORT moves all of them. */
export const BASE_PORT = 7400;

/** In the order of starting; they are stopped in the reverse one. The first serves the API and the web app. */
export const services: readonly ServiceDefinition[] = [
  define('job-service', BASE_PORT),
  define('snapshot-service', BASE_PORT + 1),
  define('data-mover-service', BASE_PORT + 2),
  define('provisioner-service', BASE_PORT + 3),
  define('restore-service', BASE_PORT + 4),
];

function define(name: string, port: number): ServiceDefinition {
  return { name, port, main: join(repository, 'apps', name, 'dist/main.js') };
}

/** One process to run: `job-service`, and `job-service-2` for the second replica. */
export interface ServiceInstance extends ServiceDefinition {
  service: string;
}

/** @returns the processes to run for the wanted numbers of replicas (1 where not given). Ports differ in their tens. */
export function planInstances(
  wanted: readonly ServiceDefinition[],
  replicas: Readonly<Record<string, number>> = {},
): ServiceInstance[] {
  return wanted.flatMap(({ name, port, main }) =>
    Array.from({ length: replicas[name] ?? 1 }, (_, index) => ({
      name: index === 0 ? name : `${name}-${index + 1}`,
      service: name,
      port: port + 10 * index,
      main,
    })),
  );
}

/** @returns the numbers of replicas of `NAME=N` arguments; throws when a name or a number is wrong. */
export function parseReplicas(args: readonly string[]): Record<string, number> {
  const names = services.map(({ name }) => name);
  const parsed = args.map((arg): [string, number] => {
    const [name = '', count = ''] = arg.split('=');
    if (!names.includes(name))
      throw new Error(`--replicas ${arg}: there is no service ${name || '""'}; there are ${names.join(', ')}.`);
    if (!/^\d+$/.test(count) || Number(count) < 1 || Number(count) > 16)
      throw new Error(`--replicas ${arg}: say NAME=N with N from 1 to 16.`);
    return [name, Number(count)];
  });
  return Object.fromEntries(parsed);
}
