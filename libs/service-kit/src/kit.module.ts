import { type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { LoggerModule } from 'nestjs-pino';
import { AddressGuard, endpointGuard } from './address-guard.ts';
import type { ServiceConfig } from './config.ts';
import { Sealer } from './sealer.ts';

export const SERVICE_CONFIG = Symbol('ServiceConfig');

/** What each service has: its configuration, logs, metrics, the sealer of secrets, and where tenants' endpoints may be. */
@Module({})
export class KitModule {
  static register(config: ServiceConfig): DynamicModule {
    return {
      module: KitModule,
      global: true,
      imports: [
        PrometheusModule.register(),
        LoggerModule.forRoot({
          pinoHttp: {
            level: config.logLevel,
            redact: ['req.headers.authorization', 'req.headers.cookie'],
            autoLogging: { ignore: (request) => /^\/(healthz|metrics)/.test(request.url ?? '') },
          },
        }),
      ],
      providers: [
        { provide: SERVICE_CONFIG, useValue: config },
        { provide: AddressGuard, useValue: endpointGuard(config.endpointNetworks) },
        { provide: Sealer, useValue: new Sealer(config.masterKey) },
      ],
      exports: [SERVICE_CONFIG, AddressGuard, Sealer],
    };
  }
}
