import { rootCertificates } from 'node:tls';
import type { PackSender, SenderOptions, SignedRequest } from '@godwit/contracts/pack-transfer';
import { asked, type NativeSender, nativeCore, type SealedPack } from './native.ts';

/** Sends packs by the native core: their bytes do not pass through Node. One for each stream. */
export function nativeSender(options: SenderOptions, bytesPerSecond: number | undefined): PackSender<SealedPack> {
  const { connectTimeoutMs, idleTimeoutMs, caBundle } = options;
  const caPem = caBundle ?? rootCertificates.join('\n');
  const sender = new (nativeCore().NativeSender)({
    caPem,
    connectTimeoutMs,
    idleTimeoutMs,
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  });
  return {
    put: ({ url, headers }: SignedRequest, pack, signal) => untilAborted(sender, signal, () => sender.put(url, headers, pack)),
    get: ({ url, headers }: SignedRequest, signal) =>
      untilAborted(sender, signal, async () => {
        const fetched = await sender.get(url, headers);
        const pack = fetched.takePack();
        return { ...fetched.takeAnswer(), ...(pack ? { pack } : {}) };
      }),
  };
}

async function untilAborted<T>(sender: NativeSender, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const abort = () => sender.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await asked(send);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
