import { expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';
import { redisOptions } from './redis-options.ts';

const good = {
  DATABASE_URL: 'postgresql://u:database-secret@db/godwit',
  REDIS_URL: 'redis://redis:6379',
  GODWIT_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  GODWIT_HTTP_PORT: '8080',
};

test('reads the environment, with defaults', () => {
  expect(loadConfig('x', good)).toMatchObject({ httpPort: 8080, httpHost: '127.0.0.1', streamWorkers: 4, logLevel: 'info' });
});

test('networks of endpoints are lists, and what is no network is named', () => {
  const networks = { GODWIT_ENDPOINT_NETWORKS: ' 127.0.0.0/8, ::1/128', GODWIT_ENDPOINT_DENIED_NETWORKS: '' };
  const { endpointNetworks } = loadConfig('x', { ...good, ...networks });
  expect(endpointNetworks).toEqual({ allowed: ['127.0.0.0/8', '::1/128'], denied: [] });
  expect(() => loadConfig('x', { ...good, GODWIT_ENDPOINT_DENIED_NETWORKS: '10.0.0.0' })).toThrow(
    'GODWIT_ENDPOINT_DENIED_NETWORKS.0: is not a list of networks',
  );
});

test('names all variables that are wrong, and never their values', () => {
  const wrong = {
    DATABASE_URL: 'mysql://u:database-secret@db/x',
    GODWIT_MASTER_KEY: 'c2hvcnQtc2VjcmV0',
    GODWIT_HTTP_PORT: '99999',
  };
  let message = '';
  try {
    loadConfig('x', wrong);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'GODWIT_MASTER_KEY', 'GODWIT_HTTP_PORT']) expect(message).toContain(name);
  for (const value of ['database-secret', 'c2hvcnQtc2VjcmV0', '99999']) expect(message).not.toContain(value);
});

test('reads all parts of a Redis URL', () => {
  expect(redisOptions('redis://r')).toEqual({ host: 'r', port: 6379 });
  expect(redisOptions('rediss://u:p%40ss@r:6380/3')).toEqual({
    host: 'r',
    port: 6380,
    username: 'u',
    password: 'p@ss',
    db: 3,
    tls: {},
  });
});
