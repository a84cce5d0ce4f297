import { expect, test } from '@jest/globals';
import { callerOfToken } from './caller-of-token.ts';

const config = { issuer: 'https://id.example.com', audience: 'godwit', rolesClaim: 'roles', rolePrefix: 'godwit-' };

test('the highest role counts', () => {
  const caller = callerOfToken({ sub: 'u1', email: 'a@example.com', roles: ['godwit-viewer', 'godwit-admin', 'other'] }, config);
  expect(caller).toEqual({ name: 'a@example.com', role: 'admin' });
});

test('one role may be a text', () => {
  expect(callerOfToken({ sub: 'u1', roles: 'godwit-operator' }, config)).toEqual({ name: 'u1', role: 'operator' });
});

test.each([[{}], [{ roles: 'admin' }], [{ roles: ['godwit-owner'] }], [{ roles: { 'godwit-admin': true } }]])(
  'a token without a role of ours gives no access: %j',
  (claims) => {
    expect(() => callerOfToken({ sub: 'u1', ...claims }, config)).toThrow(/names none of godwit-viewer/);
  },
);

test('the organisation comes from its claim, and must be there', () => {
  const of = { ...config, organisationClaim: 'org' };
  expect(callerOfToken({ sub: 'u', roles: 'godwit-viewer', org: 'acme' }, of)).toMatchObject({ organisation: 'acme' });
  expect(() => callerOfToken({ sub: 'u', roles: 'godwit-viewer' }, of)).toThrow(/no claim "org"/);
});
