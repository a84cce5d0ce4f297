import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import type { ServiceConfig } from './config.ts';
import { redisTransportOptions } from './redis-options.ts';

/**
 * Starts a service: its HTTP port (health and metrics; the API in job-service), and calls by the Redis transport.
 * Stops cleanly on SIGTERM and SIGINT: what is being worked on is put back, then connections are closed.
 */
export async function bootstrap(
  module: Parameters<typeof NestFactory.create>[0] | Type,
  config: ServiceConfig,
  configure: (app: INestApplication) => void | Promise<void> = () => {},
): Promise<INestApplication> {
  const app = await NestFactory.create(module as Type, { bufferLogs: true, rawBody: false });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  app.connectMicroservice<MicroserviceOptions>(
    { transport: Transport.REDIS, options: redisTransportOptions(config.redisUrl) },
    { inheritAppConfig: false },
  );
  await configure(app);
  await app.startAllMicroservices();
  await app.listen(config.httpPort, config.httpHost);
  app.get(Logger).log(`listening on http://${config.httpHost}:${config.httpPort}`);
  return app;
}
