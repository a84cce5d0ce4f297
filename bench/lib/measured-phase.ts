import type { Figures } from '../report/results.ts';
import type { Arena } from './arena.ts';
import { measure, type Pipeline } from './measure.ts';
import type { Stub } from './stub.ts';

const MB = 1e6;

/** Measures pipelines, which run at the same time, and what they ask of the object store. */
export async function measurePhase(stub: Stub, pipelines: readonly Pipeline[], latencyMs = 0): Promise<Figures> {
  await stub.reset();
  await stub.setLatency(latencyMs);
  const taken = await measure(pipelines).finally(() => stub.setLatency(0));
  const { requests, storedBytes, receivedBytes, sentBytes } = await stub.figures();
  return {
    seconds: taken.seconds,
    cpuSeconds: taken.cpuSeconds,
    peakMb: taken.peakBytes / MB,
    storedMb: storedBytes / MB,
    // What the store received, the tool sent.
    sentMb: receivedBytes / MB,
    receivedMb: sentBytes / MB,
    requests,
  };
}

/** What all rounds of a measurement have: where they write, and the object store. */
export interface Bench {
  arena: Arena;
  stub: Stub;
}
