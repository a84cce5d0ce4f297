import { nativeCore } from './native.ts';
import { nativeSender } from './native-sender.ts';
import type { PackStore } from './pack-store.ts';
import { type SealedTransfer, StreamPool } from './stream-pool.ts';
import { StreamTarget } from './stream-target.ts';
import type { VolumeTask } from './volume-task.ts';

/** @returns the streams between a volume and its store */
export function openStreams({
  store,
  streams,
  maxBytesPerSecond,
}: Pick<VolumeTask, 'store' | 'streams' | 'maxBytesPerSecond'>): StreamPool {
  return new StreamPool(streams ?? new StreamTarget(1), () => openStream(store, maxBytesPerSecond));
}

function openStream(store: PackStore, maxBytesPerSecond: number | undefined): SealedTransfer {
  if (store.transfer) return store.transfer((options) => nativeSender(options, maxBytesPerSecond));
  if (maxBytesPerSecond !== undefined) throw new RangeError('This store keeps no rate');
  return {
    put: (key, pack, _length, _crc32c, signal) => store.put(key, pack.toBytes(), { ifAbsent: true, signal }),
    get: async (key, signal) => nativeCore().SealedPack.fromBytes(await store.get(key, { signal })),
  };
}
