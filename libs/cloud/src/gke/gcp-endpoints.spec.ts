import { expect, test } from '@jest/globals';
import { redirect } from './gcp-endpoints.ts';

const ENV = {
  CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER: 'http://localhost:1/container/',
  CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: 'https://compute-psc.p.googleapis.com/compute/v1',
  CLOUDSDK_AUTH_TOKEN_HOST: 'http://localhost:1/token',
};

test.each([
  ['https://container.googleapis.com/v1/projects/p?$alt=json', 'http://localhost:1/container/v1/projects/p?$alt=json'],
  [
    'https://compute.googleapis.com/compute/v1/projects/p/regions',
    'https://compute-psc.p.googleapis.com/compute/v1/projects/p/regions',
  ],
  ['https://oauth2.googleapis.com/token', 'http://localhost:1/token'],
  ['https://sts.googleapis.com/v1/token', 'https://sts.googleapis.com/v1/token'],
  ['https://container.googleapis.com.evil.example/v1/x', 'https://container.googleapis.com.evil.example/v1/x'],
])('%s is asked at %s', (url, asked) => {
  expect(redirect(new URL(url), ENV).href).toBe(asked);
});
