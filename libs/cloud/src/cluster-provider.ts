/** A cluster that a provider made, as far as its services must know it. */
export interface ProvidedCluster {
  /** The provider's own id: what is deleted when the run is rolled back. */
  providerId: string;
  server: string;
  kubeconfig: string;
}

/** One cloud that can make clusters. Each has an adapter of its own in this library. */
export interface ClusterProvider {
  /** As in the destination's `type` of a definition. */
  readonly type: string;
  /**
   * Makes the cluster of a run, or finds the one that was made already: called again after any interruption it never makes
   * a second one. Resolves when the API server answers.
   *
   * @param token names the run towards the provider (client token, tags)
   */
  ensureCluster(token: string, parameters: unknown, signal: AbortSignal): Promise<ProvidedCluster>;
  /** Deletes the cluster and all that was made for it; one that is not there is no error. */
  deleteCluster(token: string, signal: AbortSignal): Promise<void>;
}
