import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from '../src/kube-client.ts';

/** Starts a server on the loopback interface. @returns a client that takes it for an API server */
export async function clientOf(server: Server): Promise<KubeClient> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeconfig = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kubeconfig.loadFromClusterAndUser({ name: 'k', server: url, skipTLSVerify: false }, { name: 'u' });
  return new KubeClient(kubeconfig, 'dest');
}
