import type { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import type { CreatedDestination } from '@godwit/contracts/destination';
import type { FieldError } from '@godwit/contracts/problem-details';

/** How to reach a cluster, for a while. */
export interface ClusterCredentials {
  server: string;
  /** Without exec plugins and file paths. */
  kubeconfig: string;
  /** When the kubeconfig stops to be of use, if it does. */
  expiresAt?: Date;
}

export interface Observation {
  /** What is being waited for: `node group workers`. */
  what: string;
  /** In the provider's own words. */
  state: string;
  /** Whether it is as it is wanted, and not waited for any more. */
  isDone?: boolean;
}

/** Hears how far the provider is, each time that it is asked. */
export type Observer = (observation: Observation) => Promise<void> | void;

export interface ProviderCall {
  signal: AbortSignal;
  observe: Observer;
}

/**
 * One cloud that can make clusters, as one account sees it. Each has an adapter of its own in this library.
 *
 * @typeParam D what a cluster of this cloud is made from
 */
export interface ClusterProvider<D extends CreatedDestination = CreatedDestination> {
  readonly type: D['type'];

  /** Who acts, and which permissions are missing. Throws FatalError if the account cannot be used at all. */
  checkAccount(signal: AbortSignal): Promise<CloudAccountStatus>;

  /** What there is to choose from; what may not be asked is told as a problem, the rest is answered. */
  listOptions(region: string | undefined, signal: AbortSignal): Promise<CloudOptions>;

  /** @returns what the account does not have of what a cluster would be made from; paths begin within the destination */
  validate(destination: D, signal: AbortSignal): Promise<FieldError[]>;

  /**
   * Makes the cluster of a run, or finds the one that was made already: called again after any interruption it never makes
   * a second one. Resolves when its nodes and what volumes need are there.
   *
   * @param runId names the run towards the provider (client tokens, tags)
   * @throws FatalError with the provider's text and a cure, RetryableError
   */
  ensureCluster(runId: string, destination: D, call: ProviderCall): Promise<void>;

  /** Credentials of a cluster that is there. */
  credentials(destination: D, signal: AbortSignal): Promise<ClusterCredentials>;

  /**
   * Deletes the cluster of a run and all that was made for it, in order, and waits until it is gone. What is not there, or is
   * of another run, is left alone.
   */
  deleteCluster(runId: string, destination: D, call: ProviderCall): Promise<void>;
}

/** How often providers are asked, after some quicker questions at first, and how long a thing may take. */
export interface ProviderPace {
  pollMs: number;
  /** For each thing that is waited for. */
  timeoutMs: number;
}

/** How long the answer to a request that makes something is waited for after the work has ended. */
export const lingerMs = ({ pollMs }: ProviderPace): number => 3 * pollMs;

export const USUAL_PACE: ProviderPace = { pollMs: 10_000, timeoutMs: 40 * 60_000 };
