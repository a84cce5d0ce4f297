import 'reflect-metadata';
import { bootstrap } from '@godwit/service-kit/bootstrap';
import { loadConfig } from '@godwit/service-kit/config';
import { AppModule } from './app.module.ts';

const config = loadConfig('provisioner-service');
await bootstrap(AppModule.register(config), config);
