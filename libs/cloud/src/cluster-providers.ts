import type { ClusterProvider } from './cluster-provider.ts';

/** The clouds that are known, by the type of a definition's destination. */
export class ClusterProviders {
  private readonly byType: ReadonlyMap<string, ClusterProvider>;

  constructor(providers: readonly ClusterProvider[]) {
    this.byType = new Map(providers.map((provider) => [provider.type, provider]));
  }

  find(type: string): ClusterProvider | undefined {
    return this.byType.get(type);
  }

  get types(): string[] {
    return [...this.byType.keys()];
  }
}
