import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { runSelector } from '@godwit/contracts/run-labels';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listMetadata, type PartialObject } from '@godwit/kube/list-metadata';
import type { ResourceType } from '@godwit/kube/resource-type';
import { eachInFlight } from '../in-flight.ts';
import { GONE_TIMEOUT_MS, IN_FLIGHT, type RollbackContext } from './rollback-context.ts';

const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 2_000;

/** An object that was told to go. */
export interface Deleted {
  type: ResourceType;
  live: KubernetesObject;
}

/**
 * Waits until deleted objects are gone. One list of each kind tells of all its objects at once, where there may be thousands.
 *
 * @returns the finalizers of those that are still there after the time-out, by UID
 */
export async function waitUntilAllGone(context: RollbackContext, deleted: readonly Deleted[]): Promise<Map<string, string[]>> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  let pause = FIRST_LOOK_MS;
  let waiting = Map.groupBy(deleted, ({ type }) => type);
  for (;;) {
    const held = new Map<string, string[]>();
    const rest = new Map<ResourceType, Deleted[]>();
    for (const [type, of] of waiting) {
      const there = await stillThere(context, type, of);
      if (there.size > 0) rest.set(type, of);
      for (const [uid, finalizers] of there) held.set(uid, finalizers);
    }
    if (held.size === 0 || Date.now() > deadline) return held;
    waiting = rest;
    await sleep(pause, undefined, { signal: context.signal });
    pause = Math.min(LAST_LOOK_MS, pause * 2);
  }
}

async function stillThere(context: RollbackContext, type: ResourceType, of: readonly Deleted[]): Promise<Map<string, string[]>> {
  const { client, runId, signal } = context;
  const uids = new Set(of.map(({ live }) => live.metadata.uid));
  const there = new Map<string, string[]>();
  const see = ({ metadata }: PartialObject) => {
    if (metadata.uid && uids.has(metadata.uid)) there.set(metadata.uid, metadata.finalizers ?? []);
  };
  try {
    for await (const object of listMetadata(client, type, { labelSelector: runSelector(runId), signal })) see(object);
  } catch (error) {
    if (!(error instanceof KubeRequestError)) throw error;
    if (error.status === 404) return there; // its definition went meanwhile, and all its objects with it
    if (error.status !== 403 && error.status !== 405) throw error;
    await eachInFlight(of, IN_FLIGHT, async ({ live: { metadata } }) => {
      const object = await client.find(type, metadata.namespace, metadata.name, signal);
      if (object) see(object);
    });
  }
  return there;
}
