import type { HealthProbe } from '@godwit/service-kit/health';
import type { OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

const MAX_CONNECTIONS = 20;

/** The connection to Postgres, where the truth is. */
export class PrismaService extends PrismaClient implements OnModuleDestroy, HealthProbe {
  readonly name = 'postgres';

  constructor(databaseUrl: string) {
    // Without the time zone the adapter reads timestamptz values in the server's own one.
    super({ adapter: new PrismaPg({ connectionString: databaseUrl, options: '-c TimeZone=UTC', max: MAX_CONNECTIONS }) });
  }

  async check(): Promise<void> {
    await this.$queryRaw`SELECT 1`;
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
