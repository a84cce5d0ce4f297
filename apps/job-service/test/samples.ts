import { EksDestination } from '@godwit/contracts/destination';

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

export const cloudAccount = (name: string, more: object = {}) => ({
  name,
  credentials: { provider: 'AWS', accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: SECRET_KEY, ...more },
});

export const objectStore = (name: string) => ({
  name,
  endpoint: 'http://127.0.0.1:1',
  bucket: 'godwit',
  prefix: 'archives',
  accessKeyId: 'an-access-key',
  secretAccessKey: SECRET_KEY,
});

/** A cluster that is to be created, named `made`. */
export const eksDestination = (cloudAccountId: string) =>
  EksDestination.parse({
    type: 'EKS',
    cloudAccountId,
    name: 'made',
    region: 'eu-central-1',
    version: '1.34',
    subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
    nodePools: [{ name: 'nodes', instanceTypes: ['m6i.large'] }],
  });
