import { bootstrap } from '@godwit/service-kit/bootstrap';
import { loadConfig } from '@godwit/service-kit/config';
import { AppModule } from './app.module.ts';
import { loadRestoreConfig } from './restore-config.ts';

const config = loadConfig('restore-service');
await bootstrap(AppModule.register(config, loadRestoreConfig()), config);
