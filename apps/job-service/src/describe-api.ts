import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.ts';
import { openApiOf } from './http/openapi.ts';
import { loadRunLimits } from './run-queue/run-limits.ts';

/**
 * Prints the description of the API, as /api/openapi.json answers it, and nothing else: clients are generated from it. Nothing is
 * connected to and nothing needs to run; the values of the configuration are never used.
 */
const config = {
  databaseUrl: 'postgres://nowhere',
  redisUrl: 'redis://nowhere',
  masterKey: Buffer.alloc(32),
  httpHost: '127.0.0.1',
  httpPort: 1,
  moverImage: 'none',
  streamWorkers: 1,
  managedStorage: [],
  endpointNetworks: { allowed: [], denied: [] },
  logLevel: 'silent' as const,
  workerName: 'none',
};
const module = AppModule.register(config, { authenticates: true, allowedHosts: [] }, { allowedNetworks: [] }, loadRunLimits({}));
const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
process.stdout.write(JSON.stringify(openApiOf(app)));
