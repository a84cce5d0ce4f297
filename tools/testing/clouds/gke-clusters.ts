import type { ClusterBehind, EmulatorAnswer } from './aws-emulator.ts';
import { answer, notFound, refusal } from './google-answer.ts';

const VERSIONS = ['1.34.1-gke.2037000', '1.33.5-gke.1162000', '1.32.9-gke.1108000'];
const LABEL = /^[a-z0-9_-]{0,63}$/;

interface Pool {
  name: string;
  status: string;
}

export interface EmulatedCluster {
  name: string;
  status: string;
  statusMessage?: string;
  initialClusterVersion?: string;
  resourceLabels?: Record<string, string>;
  nodePools?: Pool[];
  [field: string]: unknown;
}

interface Operation {
  name: string;
  operationType: 'CREATE_CLUSTER' | 'DELETE_CLUSTER';
  status: 'PENDING' | 'RUNNING' | 'DONE';
  targetLink: string;
  startTime: string;
  progress?: object;
  error?: { code: number; message: string };
}

interface Kept {
  cluster: EmulatedCluster;
  operation: Operation;
  /** How often it was asked after since the operation began. */
  asked: number;
}

/** The clusters of a project: their operations take so many questions, and nothing else can be done meanwhile. */
export class GkeClusters {
  /** How often a thing is asked after until it is done. */
  slowness = 1;
  /** What creations end with; absent: they succeed. */
  creationError?: { code: number; message: string };
  behind: ClusterBehind = { server: 'https://203.0.113.1', caData: Buffer.from('a CA').toString('base64') };
  /** By the path of the cluster. */
  private readonly kept = new Map<string, Kept>();
  private readonly operations = new Map<string, Operation>();

  clear(): void {
    this.kept.clear();
    this.operations.clear();
    [this.slowness, this.creationError] = [1, undefined];
  }

  /** All that there is, by `cluster` and `node pool`. */
  names(): string[] {
    return [...this.kept.values()].flatMap(({ cluster: { name, nodePools = [] } }) => [
      `cluster ${name}`,
      ...nodePools.map((pool) => `node pool ${name}/${pool.name}`),
    ]);
  }

  versions(): EmulatorAnswer {
    return answer({ defaultClusterVersion: VERSIONS[0], validMasterVersions: VERSIONS, validNodeVersions: VERSIONS });
  }

  create(parent: string, cluster: EmulatedCluster): EmulatorAnswer {
    const path = `${parent}/clusters/${cluster.name}`;
    if (this.kept.has(path)) return refusal(409, 'ALREADY_EXISTS', `Already exists: ${path}.`);
    const version = cluster.initialClusterVersion ?? '';
    if (!VERSIONS.some((offered) => offered === version || offered.startsWith(`${version}.`)))
      return refusal(400, 'INVALID_ARGUMENT', `Master version "${version}" is unsupported.`);
    const labels = Object.entries(cluster.resourceLabels ?? {}).flat();
    if (!labels.every((text) => LABEL.test(text))) return refusal(400, 'INVALID_ARGUMENT', 'Invalid resource label.');
    if (!cluster.nodePools?.length) return refusal(400, 'INVALID_ARGUMENT', 'Cluster.node_pools must be specified.');
    const nodePools = cluster.nodePools.map((pool) => ({ ...pool, status: 'PROVISIONING' }));
    const operation = this.begin('CREATE_CLUSTER', path);
    this.kept.set(path, { cluster: { ...cluster, nodePools, status: 'PROVISIONING' }, operation, asked: 0 });
    return answer(operation);
  }

  get(path: string): EmulatorAnswer {
    const kept = this.kept.get(path);
    if (kept) this.advance(path, kept);
    const { cluster } = this.kept.get(path) ?? {};
    if (!cluster) return notFound(path);
    const endpoint = new URL(this.behind.server).host;
    return answer({ ...cluster, endpoint, masterAuth: { clusterCaCertificate: this.behind.caData } });
  }

  delete(path: string): EmulatorAnswer {
    const kept = this.kept.get(path);
    if (!kept) return notFound(path);
    const { operation, cluster } = kept;
    if (operation.status !== 'DONE') {
      const doing = operation.operationType === 'CREATE_CLUSTER' ? 'creating' : 'deleting';
      const message = `Operation ${operation.name} is currently ${doing} cluster ${cluster.name}. Please wait and try again once it is done.`;
      return refusal(400, 'FAILED_PRECONDITION', message);
    }
    [kept.operation, kept.asked, cluster.status] = [this.begin('DELETE_CLUSTER', path), 0, 'STOPPING'];
    return answer(kept.operation);
  }

  list(): EmulatorAnswer {
    return answer({ clusters: [...this.kept.values()].map(({ cluster }) => cluster) });
  }

  listOperations(): EmulatorAnswer {
    return answer({ operations: [...this.operations.values()] });
  }

  operation(name: string): EmulatorAnswer {
    const operation = this.operations.get(name);
    return operation ? answer(operation) : notFound(name);
  }

  private begin(operationType: Operation['operationType'], path: string): Operation {
    const startTime = new Date().toISOString();
    const targetLink = `https://container.googleapis.com/v1/${path}`;
    const name = `operation-${this.operations.size + 1}`;
    const operation: Operation = { name, operationType, status: 'PENDING', targetLink, startTime };
    this.operations.set(name, operation);
    return operation;
  }

  private advance(path: string, kept: Kept): void {
    const { operation, cluster } = kept;
    if (operation.status === 'DONE') return;
    operation.status = 'RUNNING';
    const metrics = [
      { name: 'CLUSTER_DEPLOYING', intValue: String(kept.asked) },
      { name: 'CLUSTER_DEPLOYING_TOTAL', intValue: String(this.slowness) },
    ];
    operation.progress = { status: 'RUNNING', metrics };
    if (kept.asked++ < this.slowness) return;
    operation.status = 'DONE';
    if (operation.operationType === 'DELETE_CLUSTER') {
      this.kept.delete(path);
      return;
    }
    const status = this.creationError ? 'ERROR' : 'RUNNING';
    cluster.status = status;
    cluster.nodePools = cluster.nodePools!.map((pool) => ({ ...pool, status }));
    if (this.creationError) [operation.error, cluster.statusMessage] = [this.creationError, this.creationError.message];
  }
}
