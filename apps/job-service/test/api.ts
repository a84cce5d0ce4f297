import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import request from 'supertest';
import { kubeconfig, objectStore } from './samples.ts';

/** An id that nothing has. */
export const NO_ID = '00000000-0000-4000-8000-000000000000';

export interface Registered {
  source: string;
  destination: string;
  store: string;
}

/** The calls of the API that most tests begin with. */
export class Api {
  constructor(private readonly url: string) {}

  get(path: string) {
    return request(this.url).get(`/api${path}`);
  }

  post(path: string, body?: object) {
    return request(this.url).post(`/api${path}`).send(body);
  }

  put(path: string, body: object) {
    return request(this.url).put(`/api${path}`).send(body);
  }

  patch(path: string, body: object) {
    return request(this.url).patch(`/api${path}`).send(body);
  }

  delete(path: string) {
    return request(this.url).delete(`/api${path}`);
  }

  /** Two clusters and a store, whose names begin with this one. */
  async register(name: string): Promise<Registered> {
    const [source, destination, store] = await Promise.all([
      this.idOf(this.post('/clusters', cluster(`${name}-source`))),
      this.idOf(this.post('/clusters', cluster(`${name}-destination`))),
      this.idOf(this.post('/object-stores', objectStore(`${name}-store`))),
    ]);
    return { source, destination, store };
  }

  async idOf(answer: PromiseLike<request.Response>): Promise<string> {
    const { status, body } = await answer;
    if (status !== 201) throw new Error(`it was not made: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }
}

export function migration(name: string, { source, destination, store }: Registered): MigrationDefinition {
  return MigrationDefinition.parse({
    name,
    sourceClusterId: source,
    destination: { type: 'Registered', clusterId: destination },
    copy: { storage: { type: 'ObjectStore', objectStoreId: store } },
  });
}

/** It takes many runs at once, so that those of a test which is about other things do not wait for each other. */
function cluster(name: string) {
  return { name, kubeconfig: kubeconfig(), maxConcurrentRuns: 100 };
}
