/**
 * A kubeconfig with a token, and nothing that would run a program or read a file.
 *
 * @param caData base64 of the authority's PEM
 */
export function buildTokenKubeconfig(cluster: { name: string; server: string; caData: string }, token: string): string {
  const { name, server, caData } = cluster;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: 'godwit' } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': caData } }],
    users: [{ name: 'godwit', user: { token } }],
  });
}
