import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkKubeconfig, connectsTo } from './kubeconfig.ts';

const SECRET = 'a-secret-that-must-not-be-told';

interface Parts {
  user?: string;
  cluster?: string;
  more?: string;
  context?: string;
}

function text({ user = `token: ${SECRET}`, cluster = 'server: "https://k.example:6443"', more = '', context = 'c' }: Parts = {}) {
  return `apiVersion: v1
kind: Config
current-context: ${context}
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {${cluster}}}]
users: [{name: u, user: {${user}}}${more}]
`;
}

function problems(kubeconfig: string) {
  const checked = checkKubeconfig(kubeconfig);
  return checked.ok ? [] : checked.problems;
}

test('takes a kubeconfig with a token', () => {
  const checked = checkKubeconfig(text());
  expect(checked).toMatchObject({ ok: true, server: 'https://k.example:6443', context: 'c' });
  expect(checked.ok && checked.kubeconfig.getCurrentUser()?.token).toBe(SECRET);
});

test('takes JSON too', () => {
  const json = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server: 'https://k.example' } }],
    users: [{ name: 'u', user: { token: SECRET } }],
  };
  expect(checkKubeconfig(JSON.stringify(json))).toMatchObject({ ok: true, server: 'https://k.example' });
});

test.each([
  ['exec', `exec: {command: ${SECRET}}`],
  ['auth-provider', `auth-provider: {name: ${SECRET}}`],
  ['tokenFile', `tokenFile: /${SECRET}`],
  ['token-file', `token-file: /${SECRET}`],
  ['as', `as: ${SECRET}`],
  ['some-field-to-come', `some-field-to-come: /${SECRET}`],
  ['client-certificate', `client-certificate: /${SECRET}`],
  ['client-key', `client-key: /${SECRET}`],
])('refuses %s of a user, whether it is used or not, and does not repeat it', (field, yaml) => {
  const used = problems(text({ user: yaml }));
  expect(used.map(({ path }) => path)).toEqual([['users', 0, 'user', field]]);
  const unused = problems(text({ more: `, {name: other, user: {${yaml}}}` }));
  expect(unused.map(({ path }) => path)).toEqual([['users', 1, 'user', field]]);
  expect(JSON.stringify([used, unused])).not.toContain(SECRET);
});

test('reads no file, whatever a field names', () => {
  const directory = mkdtempSync(join(tmpdir(), 'godwit-kubeconfig-'));
  try {
    const file = join(directory, 'token');
    writeFileSync(file, SECRET);
    for (const field of ['token-file', 'tokenFile', 'client-certificate', 'client-key', 'some-field-to-come']) {
      const checked = checkKubeconfig(text({ user: `${field}: ${file}` }));
      expect([field, checked.ok, JSON.stringify(checked).includes(SECRET)]).toEqual([field, false, false]);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('takes over nothing but what was checked', () => {
  const cluster =
    'server: "https://k.example", certificate-authority-data: Y2E=, insecure-skip-tls-verify: true, extensions: [{name: x}]';
  const checked = checkKubeconfig(text({ cluster, user: 'client-certificate-data: Y2VydA==, client-key-data: a2V5' }));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(checked.kubeconfig.getCurrentCluster()).toEqual({
    name: 'cluster',
    server: 'https://k.example',
    caData: 'Y2E=',
    skipTLSVerify: true,
  });
  expect(checked.kubeconfig.getCurrentUser()).toEqual({ name: 'user', certData: 'Y2VydA==', keyData: 'a2V5' });
});

test('refuses the file path of a certificate authority', () => {
  const cluster = 'server: "https://k.example", certificate-authority: /etc/ca.crt';
  expect(problems(text({ cluster }))).toMatchObject([{ path: ['clusters', 0, 'cluster', 'certificate-authority'] }]);
});

test('refuses aliases, of which few lines can make gigabytes', () => {
  const bomb = ['a: &a [x, x]', 'b: &b [*a, *a]', 'c: [*b, *b]'].join('\n');
  expect(problems(bomb)).toEqual([{ path: [], message: 'is neither YAML nor JSON' }]);
});

test.each([
  ['plain text of a server', text({ cluster: 'server: "http://k.example"' }), ['clusters']],
  ['a missing server', text({ cluster: '' }), ['clusters']],
  ['a proxy that is no URL', text({ cluster: `server: "https://k.example", proxy-url: "${SECRET}"` }), ['clusters']],
  ['a context that is not there', text({ context: SECRET }), ['current-context']],
  ['a list', '[]', []],
  ['nothing', '', []],
  ['what is not YAML', `{${SECRET}: [`, []],
])('refuses %s and does not repeat it', (_what, kubeconfig, path) => {
  const found = problems(kubeconfig);
  expect(found.map((problem) => problem.path)).toEqual([path]);
  expect(JSON.stringify(found)).not.toContain(SECRET);
});

test('what is connected to is the proxy, if one is named', () => {
  const reached = (cluster: string) => {
    const checked = checkKubeconfig(text({ cluster: `server: "https://k.example:6443"${cluster}` }));
    return checked.ok && connectsTo(checked.kubeconfig);
  };
  expect(reached('')).toBe('https://k.example:6443');
  expect(reached(', proxy-url: ""')).toBe('https://k.example:6443');
  expect(reached(', proxy-url: "http://proxy.example:3128"')).toBe('http://proxy.example:3128');
});
