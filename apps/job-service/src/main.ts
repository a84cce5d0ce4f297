import { bootstrap } from '@godwit/service-kit/bootstrap';
import { loadConfig } from '@godwit/service-kit/config';
import { AppModule } from './app.module.ts';
import { configureHttp } from './http/configure-http.ts';
import { loadHttpAccess } from './http/http-access.ts';
import { loadNotificationsConfig } from './notifications/notifications-config.ts';

const config = loadConfig('job-service');
const access = loadHttpAccess(config.httpHost);
await bootstrap(AppModule.register(config, loadNotificationsConfig()), config, (app) => configureHttp(app, access));
