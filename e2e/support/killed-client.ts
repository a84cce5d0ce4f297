import { KubeClient, type RequestOptions } from '@godwit/kube/kube-client';
import type { KubeConfig } from '@kubernetes/client-node';

export class Killed extends Error {}

/** A client whose process is killed after so many requests: the last one is done by the API server, and nobody hears of it. */
export class KilledClient extends KubeClient {
  constructor(
    kubeconfig: KubeConfig,
    private left: number,
  ) {
    super(kubeconfig, 'dest');
  }

  override async request(path: string, options: RequestOptions = {}) {
    if (this.left === 0) throw new Killed();
    const answer = await super.request(path, options);
    this.left -= 1;
    if (this.left > 0) return answer;
    // It may be a watch, which has no end.
    answer.body.on('error', () => undefined).destroy();
    throw new Killed();
  }
}
