import { expect, test } from '@jest/globals';
import { tokenProblem } from '../../../../tools/testing/clouds/eks-token-problem.ts';
import { createEksToken } from './eks-token.ts';

const KEYS = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'a secret' };
const NOW = new Date('2026-01-01T00:00:00Z');
const cluster = { region: 'eu-central-1', name: 'made' };
const expected = { clusterName: 'made', region: 'eu-central-1', secretAccessKey: KEYS.secretAccessKey, now: NOW };

const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

test('a token is taken for its cluster, by the key that signed it, until it ends', async () => {
  const { token, expiresAt } = await createEksToken(cluster, KEYS, NOW);
  const problem = (more: object = {}) => tokenProblem(`Bearer ${token}`, { ...expected, ...more });
  expect(problem()).toBeUndefined();
  expect(expiresAt).toEqual(later(14));
  expect(problem({ now: expiresAt })).toBeUndefined();
  expect(problem({ now: later(16) })).toMatch('signed at');
  expect(problem({ clusterName: 'another' })).toMatch('signature');
  expect(problem({ secretAccessKey: 'another' })).toMatch('signature');
  expect(token).not.toContain(KEYS.secretAccessKey);
});

test('keys of a session are in the token, as STS asks for', async () => {
  const { token } = await createEksToken(cluster, { ...KEYS, sessionToken: 'of the session/+=' }, NOW);
  expect(tokenProblem(`Bearer ${token}`, expected)).toBeUndefined();
});
