import { bootstrap } from '@godwit/service-kit/bootstrap';
import { loadConfig } from '@godwit/service-kit/config';
import { loadAccessConfig } from './access/access-config.ts';
import { AppModule } from './app.module.ts';
import { configureHttp } from './http/configure-http.ts';
import { loadNotificationsConfig } from './notifications/notifications-config.ts';
import { loadRunLimits } from './run-queue/run-limits.ts';

const config = loadConfig('job-service');
const access = loadAccessConfig(config.httpHost);
await bootstrap(AppModule.register(config, access, loadNotificationsConfig(), loadRunLimits()), config, (app) =>
  configureHttp(app, access),
);
