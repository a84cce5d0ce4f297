import { resourcesPrefix } from '@godwit/contracts/archive-layout';
import { FatalError } from '@godwit/contracts/errors';
import { type CapturedObject, type CaptureOutput, type PreflightOutput, resourcesPartName } from '@godwit/contracts/step-outputs';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import type { NamespaceMap } from '@godwit/transforms/transform';
import { openBlob } from '@godwit/volume-archive/seal';
import { Injectable } from '@nestjs/common';

/** What the earlier steps of a run found and kept of the source. */
export interface Captured {
  /** Every selected namespace of the source -> its name on the destination. */
  namespaces: NamespaceMap;
  /** The captured objects of a tier, as the source's API server gave them; read anew with each call. */
  tier(index: number): AsyncIterable<CapturedObject>;
}

/** Reads a run's objects back from its archive. */
@Injectable()
export class CapturedResources {
  constructor(
    private readonly runs: RunStore,
    private readonly archives: ArchiveAccess,
  ) {}

  /**
   * Opens the archive's objects for the time of `work`.
   *
   * @throws FatalError `CaptureMissing` if the run has captured nothing; `ArchiveDamaged` while reading a part
   */
  async read<T>(run: StoredRun, signal: AbortSignal, work: (captured: Captured) => Promise<T>): Promise<T> {
    const [preflight, capture, key] = await Promise.all([
      this.runs.stepOutput<PreflightOutput>(run.id, 'preflight'),
      this.runs.stepOutput<CaptureOutput>(run.id, 'capture-resources'),
      this.runs.openArchiveKey(run.id),
    ]);
    if (!preflight || !capture) throw new FatalError('CaptureMissing', 'the run has no captured objects');
    const { namespaces } = preflight;
    return this.archives.use(run, (store) =>
      work(openCaptured(store, { runId: run.id, key, namespaces, tiers: capture.tiers }, signal)),
    );
  }
}

export interface CapturedArchive {
  runId: string;
  /** Of the run's archive. */
  key: Buffer;
  namespaces: NamespaceMap;
  /** How many parts there are of each tier. */
  tiers: readonly number[];
}

/** The objects in an archive; they are read part by part, so that memory does not grow with them. */
export function openCaptured(
  store: Pick<ObjectStore, 'get'>,
  { runId, key, namespaces, tiers }: CapturedArchive,
  signal: AbortSignal,
): Captured {
  return { namespaces, tier: (index) => readParts(store, runId, index, tiers[index] ?? 0, key, signal) };
}

async function* readParts(
  store: Pick<ObjectStore, 'get'>,
  runId: string,
  tier: number,
  parts: number,
  key: Buffer,
  signal: AbortSignal,
): AsyncGenerator<CapturedObject> {
  for (let index = 0; index < parts; index++) {
    const name = `${resourcesPrefix(runId)}/${resourcesPartName(tier, index)}`;
    const plain = openBlob(key, name, await store.get(name, { signal }));
    for (const line of plain.toString('utf8').split('\n')) if (line) yield JSON.parse(line) as CapturedObject;
  }
}

/** The captured objects of all tiers, one tier after the other. */
export async function* allTiers({ tier }: Captured): AsyncGenerator<CapturedObject> {
  for (const index of APPLY_TIERS.keys()) yield* tier(index);
}
