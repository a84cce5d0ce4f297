export interface ClusterAddress {
  name: string;
  server: string;
  /** Base64 of the authority's PEM. */
  caData: string;
}

/** A kubeconfig with a token, and nothing that would run a program or read a file. */
export function buildTokenKubeconfig(cluster: ClusterAddress, token: string): string {
  return buildKubeconfig(cluster, { token });
}

/** A kubeconfig with a client certificate. @param user base64 of PEM */
export function buildCertificateKubeconfig(cluster: ClusterAddress, user: { certificateData: string; keyData: string }): string {
  return buildKubeconfig(cluster, { 'client-certificate-data': user.certificateData, 'client-key-data': user.keyData });
}

function buildKubeconfig({ name, server, caData }: ClusterAddress, user: Record<string, string>): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: 'godwit' } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': caData } }],
    users: [{ name: 'godwit', user }],
  });
}
