/** What stands for a secret in the tests: it must be in no answer. */
export const TOKEN = 'kubeconfig-token-9f2c';
export const SECRET_KEY = 'secret-access-key-77aa';

/** @param user what the user has beside its token, as YAML flow content */
export function kubeconfig(user = `token: ${TOKEN}`, cluster = 'server: "https://127.0.0.1:1"'): string {
  return `apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {${cluster}}}]
users: [{name: u, user: {${user}}}]
`;
}

export const objectStore = (name: string) => ({
  name,
  endpoint: 'http://127.0.0.1:1',
  bucket: 'godwit',
  prefix: 'archives',
  accessKeyId: 'an-access-key',
  secretAccessKey: SECRET_KEY,
});
