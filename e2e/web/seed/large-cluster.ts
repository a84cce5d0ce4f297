import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../../../tools/testing/s3/make-certificates.ts';

/** How many namespaces there are beside that of Kubernetes itself. */
export const MANY_NAMESPACES = 2_000;
const DRIVER = 'csi.example.com';

const named = (name: string, more: object = {}) => ({ metadata: { name, uid: name }, ...more });
const claim = (namespace: string, storageClassName: string) => ({
  metadata: { name: 'data', namespace, uid: namespace },
  spec: { storageClassName, resources: { requests: { storage: '10Gi' } } },
});
const node = (name: string, zone: string) => ({
  metadata: { name, uid: name, labels: { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/arch': 'amd64' } },
  status: { capacity: { cpu: '4', memory: '16Gi' }, nodeInfo: { architecture: 'amd64' } },
});

const LISTS: Record<string, object[]> = {
  '/api/v1/nodes': [node('one', 'a'), node('two', 'b'), node('three', 'a')],
  '/api/v1/namespaces': [
    named('kube-system'),
    ...Array.from({ length: MANY_NAMESPACES }, (_, index) => named(`team-${String(index + 1).padStart(4, '0')}`)),
  ],
  '/api/v1/persistentvolumeclaims': [claim('team-0001', 'fast'), claim('team-0002', 'slow')],
  '/api/v1/pods': [{ metadata: { name: 'web', namespace: 'team-0001', uid: 'web' } }],
  '/apis/storage.k8s.io/v1/storageclasses': [
    named('cheap', { provisioner: DRIVER }),
    named('fast', { provisioner: DRIVER }),
    named('slow', { provisioner: 'other.example.com' }),
  ],
  '/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses': [
    named('snapshots', { driver: DRIVER }),
    named('snapshots-kept', { driver: DRIVER }),
  ],
};

const VERBS = ['create', 'get', 'list'];
const KINDS = {
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: { name: 'apps' },
      versions: [
        {
          version: 'v1',
          resources: [{ resource: 'deployments', responseKind: { kind: 'Deployment' }, scope: 'Namespaced', verbs: VERBS }],
        },
      ],
    },
  ],
};

/** The lists of a cluster with more namespaces than one that is made for tests can have, and nothing behind them. */
export class LargeCluster {
  private readonly listener: Server;

  private constructor(listener: Server) {
    this.listener = listener;
  }

  static async start(): Promise<LargeCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'godwit-large-cluster-'));
    try {
      const { certificate, key } = await makeCertificates(directory, ['IP:127.0.0.1']);
      const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
        const answer = answerTo(new URL(request.url ?? '/', 'https://cluster').pathname);
        response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }));
      });
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      return new LargeCluster(server);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  get url(): string {
    return `https://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }
}

function answerTo(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '33', gitVersion: 'v1.33.4' };
  if (path === '/api') return { ...KINDS, items: [] };
  if (path === '/apis') return KINDS;
  const items = LISTS[path];
  return items && { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items };
}
