import { volumePrefix } from '@godwit/contracts/archive-layout';
import { MOVER_VOLUME_PATH, type MoverConfig } from '@godwit/contracts/mover-protocol';
import type { TransferProgress } from '@godwit/contracts/run';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { type RunVolume, VolumeStore } from '@godwit/db/volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { RunNews } from '@godwit/queue/run-news';
import type { StepContext } from '@godwit/queue/step-worker';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { RunLog } from '@godwit/step-kit/run-log';
import { Inject, Injectable } from '@nestjs/common';
import { type MoverMount, moverName } from './mover-manifests.ts';
import { removeMover, runMover } from './run-mover.ts';
import { StreamOrders } from './stream-orders.ts';
import { TransferObserver } from './transfer-observer.ts';

const BYTES_PER_MB = 1_000_000;
/**
 * A copy may send nothing for long though all is well: a device of zeros, a slow limit, a retry that waits for its turn. That
 * it has failed is told by its step, which ends the run and so the restore; this is for a mover that nobody minds any more.
 */
const STALL_TIMEOUT_SECONDS = 86_400;
const VERB = { copy: 'Copied', restore: 'Restored' } as const;

/** What a mover is told of a staged migration. */
export type DeltaConfig = Pick<MoverConfig, 'index' | 'base' | 'holds'>;

/** Runs one mover on either side: what copy and restore have in common. */
@Injectable()
export class VolumeTransfer {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly archives: ArchiveAccess,
    private readonly streams: StreamOrders,
    private readonly log: RunLog,
    private readonly news: RunNews,
  ) {}

  async run(
    context: StepContext,
    action: MoverConfig['action'],
    client: KubeClient,
    run: StoredRun,
    volume: RunVolume,
    mount: MoverMount,
    delta: DeltaConfig = {},
  ): Promise<TransferProgress> {
    const { step, signal } = context;
    const { volumes, log, news } = this;
    const relay = this.streams.relay(context, run, action);
    const onNewSize = () => this.streams.shareOutAnew(run);
    const observer = new TransferObserver(step, action, { volumes, log, news, relay, onNewSize }, volume.capacityBytes);
    try {
      const request = {
        runId: run.id,
        stepName: action === 'copy' ? ('copy-volume' as const) : ('restore-volume' as const),
        volumeId: volume.id,
        image: this.config.moverImage,
        mount,
        config: { ...(await this.moverConfig(action, run, volume, step)), ...delta },
      };
      const result = await runMover(client, request, run.definition.copy.moverPodTimeoutSeconds * 1000, observer, signal);
      const progress = await observer.finish(result);
      await removeMover(client, moverName(volume.id, action), signal);
      const where = action === 'copy' ? `${volume.namespace}/${volume.name}` : `${volume.targetNamespace}/${volume.name}`;
      await this.log.info(
        step,
        `${VERB[action]} ${where}: ${result.files} files, ${result.bytes} bytes${result.base ? ', which had changed since the last stage' : ''}`,
        { ...result },
      );
      return progress;
    } finally {
      await relay.stop();
      await observer.stop();
    }
  }

  private async moverConfig(
    action: MoverConfig['action'],
    run: StoredRun,
    volume: RunVolume,
    { streams }: ClaimedStep,
  ): Promise<MoverConfig> {
    const [store, key] = await Promise.all([this.archives.config(run), this.runs.openArchiveKey(run.id)]);
    const speed = run.definition.copy.maxSpeedPerStreamMBps;
    return {
      version: 1,
      action,
      volume: { id: volume.id, mode: volume.source.volumeMode, path: MOVER_VOLUME_PATH },
      archive: { prefix: volumePrefix(run.id, volume.id), key: key.toString('base64') },
      store,
      streams: streams?.told,
      streamOrder: streams?.order ?? 0,
      ...(speed ? { maxBytesPerSecond: speed * BYTES_PER_MB } : {}),
      stallTimeoutSeconds: STALL_TIMEOUT_SECONDS,
    };
  }
}
