import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { ManagedStore } from '@godwit/contracts/managed-storage';
import type { RunLimits } from '@godwit/pipeline/admit-runs';
import type { ServiceConfig } from '@godwit/service-kit/config';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { createTestDatabase, need, type TestDatabase } from '../../../tools/testing/test-database.ts';
import type { AccessConfig } from '../src/access/access-config.ts';
import { AppModule } from '../src/app.module.ts';
import { CALL_TIMEOUT } from '../src/calls/service-calls.ts';
import { configureHttp } from '../src/http/configure-http.ts';

const WIDE: RunLimits = { perOrganisation: 1_000, total: 1_000 };

export interface TestApp {
  app: INestApplication;
  url: string;
  config: ServiceConfig;
  database: TestDatabase;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  webhookNetworks?: string[];
  access?: Partial<AccessConfig>;
  managedStorage?: ManagedStore[];
  limits?: RunLimits;
  /** Another process of that service: with its database and keys. */
  replicaOf?: TestApp;
}

/** The whole service, listening on a free port, with a database of its own. */
export async function startTestApp(redisDatabase: number, options: TestAppOptions = {}): Promise<TestApp> {
  if (options.replicaOf) register.clear(); // its metrics are those of the process, which is the same one here
  const database = options.replicaOf?.database ?? (await createTestDatabase());
  const redisUrl = new URL(need('GODWIT_TEST_REDIS_URL'));
  redisUrl.pathname = `/${redisDatabase}`;
  const config: ServiceConfig = {
    databaseUrl: database.url,
    redisUrl: redisUrl.href,
    masterKey: options.replicaOf?.config.masterKey ?? randomBytes(32),
    httpHost: '127.0.0.1',
    httpPort: 1,
    moverImage: 'unused',
    streamWorkers: 1,
    managedStorage: options.managedStorage ?? [],
    endpointNetworks: { allowed: ['127.0.0.0/8'], denied: [] },
    logLevel: 'silent',
    workerName: 'test',
  };
  const access: AccessConfig = { authenticates: false, allowedHosts: ['godwit.example'], ...options.access };
  const module = await Test.createTestingModule({
    imports: [AppModule.register(config, access, { allowedNetworks: options.webhookNetworks ?? [] }, options.limits ?? WIDE)],
  })
    .overrideProvider(CALL_TIMEOUT)
    .useValue(1_000)
    .compile();
  const app = module.createNestApplication({ logger: false });
  configureHttp(app, access);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    config,
    database,
    async stop() {
      await app.close();
      if (!options.replicaOf) await database.drop();
    },
  };
}
