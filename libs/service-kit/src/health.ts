import { Controller, type DynamicModule, Get, Inject, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';

/** Something a service cannot do without. Throws when it is not there. */
export interface HealthProbe {
  name: string;
  check(): Promise<void>;
}

const HEALTH_PROBES = Symbol('HealthProbes');

@ApiExcludeController()
@Controller('healthz')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    @Inject(HEALTH_PROBES) private readonly probes: HealthProbe[],
  ) {}

  /** The process runs. */
  @Get('live')
  live() {
    return { status: 'ok' };
  }

  /** All that it needs is there. */
  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check(
      this.probes.map((probe) => async () => {
        try {
          await probe.check();
          return { [probe.name]: { status: 'up' as const } };
        } catch (error) {
          return { [probe.name]: { status: 'down' as const, message: (error as Error).message } };
        }
      }),
    );
  }
}

@Module({})
export class HealthModule {
  /** @param probes injection tokens of the probes */
  static register(probes: (new (...args: never[]) => HealthProbe)[], imports: DynamicModule['imports'] = []): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ gracefulShutdownTimeoutMs: 0 }), ...imports],
      controllers: [HealthController],
      providers: [{ provide: HEALTH_PROBES, useFactory: (...all: HealthProbe[]) => all, inject: probes }],
    };
  }
}
