import { endpointGuard } from '@godwit/service-kit/address-guard';
import { expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { execInPod } from './exec.ts';
import { KubeClient } from './kube-client.ts';

const kubeconfig = new KubeConfig();
kubeconfig.loadFromClusterAndUser({ name: 'c', server: 'https://127.0.0.1:1', skipTLSVerify: true }, { name: 'u', token: 't' });
const client = new KubeClient(kubeconfig, 'shop');
const command = { namespace: 'a', pod: 'b', container: 'c', command: ['true'], timeoutMs: 5_000, mostOutputBytes: 10 };

test('an API server that is not there is told as any other request tells it', async () => {
  await expect(execInPod(client, command, new AbortController().signal)).rejects.toMatchObject({
    kind: 'retryable',
    reason: 'ClusterUnreachable',
    message: expect.stringContaining('running a command in container c of Pod a/b'),
  });
});

test('an address that must not be reached is refused to requests and to commands, however it is written', async () => {
  const guard = endpointGuard({ allowed: [], denied: [] });
  const of = (server: string, proxyUrl?: string) => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true, proxyUrl }, { name: 'u', token: 't' });
    return new KubeClient(config, 'shop', undefined, guard);
  };
  expect(() => of('https://169.254.169.254')).toThrow('169.254.169.254 is an address that must not be reached from here');
  expect(() => of('https://k.example', 'http://127.0.0.1:3128')).toThrow('127.0.0.1 is an address');
  const refused = {
    kind: 'fatal',
    reason: 'AddressRefused',
    message: expect.stringMatching(/cluster "shop": .*localhost is an address that must not be reached from here/),
    cure: expect.stringContaining('GODWIT_ENDPOINT_NETWORKS'),
  };
  await expect(of('https://localhost:1').json('/version')).rejects.toMatchObject(refused);
  await expect(of('https://k.example', 'http://localhost:1').json('/version')).rejects.toMatchObject(refused);
  await expect(execInPod(of('https://localhost:1'), command, new AbortController().signal)).rejects.toMatchObject(refused);
});

test('what was stopped before it began, or while it connects, fails with the reason of the stop, and with nothing afterwards', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    await expect(execInPod(client, command, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    const controller = new AbortController();
    const running = execInPod(client, command, controller.signal);
    queueMicrotask(() => controller.abort(new Error('stop later')));
    await expect(running).rejects.toThrow(/stop later|no answer/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
