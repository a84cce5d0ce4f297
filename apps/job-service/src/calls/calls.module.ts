import { CALL_TIMEOUT_MS } from '@godwit/contracts/calls';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { redisTransportOptions } from '@godwit/service-kit/redis-options';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { CALL_TIMEOUT, SERVICE_CLIENT, ServiceCalls } from './service-calls.ts';

@Global()
@Module({})
export class CallsModule {
  static register(config: ServiceConfig): DynamicModule {
    return {
      module: CallsModule,
      imports: [
        ClientsModule.register([
          { name: SERVICE_CLIENT, transport: Transport.REDIS, options: redisTransportOptions(config.redisUrl) },
        ]),
      ],
      providers: [{ provide: CALL_TIMEOUT, useValue: CALL_TIMEOUT_MS }, ServiceCalls],
      exports: [ServiceCalls],
    };
  }
}
