import { expect, test } from '@jest/globals';
import { loadAccessConfig } from './access-config.ts';

test('on this machine everyone may call unless it is said otherwise', () => {
  expect(loadAccessConfig('127.0.0.1', {})).toEqual({ authenticates: false, allowedHosts: [] });
});

test('where strangers call, either they are asked who they are, or it is said outright that they are not', () => {
  expect(() => loadAccessConfig('0.0.0.0', {})).toThrow(/GODWIT_AUTHENTICATION=required/);
  expect(loadAccessConfig('0.0.0.0', { GODWIT_AUTHENTICATION: 'required' }).authenticates).toBe(true);
  expect(loadAccessConfig('0.0.0.0', { GODWIT_ALLOW_UNAUTHENTICATED: 'true' }).authenticates).toBe(false);
});

test('an issuer without an audience is refused: it makes tokens for others too', () => {
  const env = { GODWIT_AUTHENTICATION: 'required', GODWIT_OIDC_ISSUER: 'https://id.example.com' };
  expect(() => loadAccessConfig('0.0.0.0', env)).toThrow(/GODWIT_OIDC_AUDIENCE/);
  expect(loadAccessConfig('0.0.0.0', { ...env, GODWIT_OIDC_AUDIENCE: 'godwit' }).oidc).toEqual({
    issuer: 'https://id.example.com',
    audience: 'godwit',
    rolesClaim: 'roles',
    rolePrefix: '',
  });
});

test('the web app signs in with the issuer where it is told as whom', () => {
  const env = { GODWIT_OIDC_ISSUER: 'https://id.example.com', GODWIT_OIDC_AUDIENCE: 'godwit', GODWIT_OIDC_CLIENT_ID: 'web' };
  const signIn = { clientId: 'web', scope: 'openid profile email offline_access' };
  expect(loadAccessConfig('127.0.0.1', env).oidc).toMatchObject({ signIn });
  const more = { GODWIT_OIDC_SCOPE: 'openid', GODWIT_OIDC_RESOURCE: 'urn:godwit' };
  expect(loadAccessConfig('127.0.0.1', { ...env, ...more }).oidc?.signIn).toEqual({
    clientId: 'web',
    scope: 'openid',
    resource: 'urn:godwit',
  });
  expect(() => loadAccessConfig('127.0.0.1', { GODWIT_OIDC_CLIENT_ID: 'web' })).toThrow(/GODWIT_OIDC_ISSUER/);
});
