import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { FatalError } from '@godwit/contracts/errors';
import type { PackSender, PackTransfer } from '@godwit/contracts/pack-transfer';
import { ObjectNotFoundError } from './object-errors.ts';
import { isMissingObject } from './read-thrown.ts';
import { sendThrough } from './send-through.ts';
import type { StoreRequests } from './store-requests.ts';
import { leavePayloadUnsigned } from './unsigned-payload.ts';
import { lookingFirst, type WriteIfAbsent } from './write-if-absent.ts';

export interface S3PackTransferParts<Pack> {
  requests: StoreRequests;
  writes: WriteIfAbsent;
  exists: (key: string, signal: AbortSignal) => Promise<boolean>;
  /** Looks once; where nothing can be seen, nothing is. */
  isSeen: (key: string, signal: AbortSignal) => Promise<boolean>;
  sender: PackSender<Pack>;
}

/** Sends packs by a sender of the caller's; every attempt is signed anew, so that none is refused for its age. */
export class S3PackTransfer<Pack> implements PackTransfer<Pack> {
  readonly #requests: StoreRequests;
  readonly #writes: WriteIfAbsent;
  readonly #exists: S3PackTransferParts<Pack>['exists'];
  readonly #isSeen: S3PackTransferParts<Pack>['isSeen'];
  readonly #sender: PackSender<Pack>;

  constructor({ requests, writes, exists, isSeen, sender }: S3PackTransferParts<Pack>) {
    this.#requests = requests;
    this.#writes = writes;
    this.#exists = exists;
    this.#isSeen = isSeen;
    this.#sender = sender;
  }

  async put(key: string, pack: Pack, length: number, crc32c: string, signal: AbortSignal): Promise<void> {
    const requests = this.#requests;
    const input = { Bucket: requests.bucket, Key: requests.keys.toBucket(key), ContentLength: length, ChecksumCRC32C: crc32c };
    const exists = () => this.#exists(key, signal);
    const send = async (condition: { IfNoneMatch?: '*' }) => {
      const command = new PutObjectCommand({ ...input, ...condition });
      // Packs are sealed: their authentication is their own, also where there is no TLS, and the checksum tells the server of
      // damage on the way. Hashing them once more for the signature would cost more than all else that is done to them.
      leavePayloadUnsigned(command);
      sendThrough(command, (request) => this.#sender.put(request, pack, signal));
      await requests.client.send(command, { abortSignal: signal });
    };
    const write = (condition: { IfNoneMatch?: '*' }) =>
      requests.send(
        signal,
        lookingFirst(
          key,
          () => this.#isSeen(key, signal),
          () => send(condition),
        ),
      );
    await requests.explain(signal, () => this.#writes.write({ key, write, exists }));
  }

  async get(key: string, signal: AbortSignal): Promise<Pack> {
    const requests = this.#requests;
    const input = { Bucket: requests.bucket, Key: requests.keys.toBucket(key) };
    return requests.explain(signal, async () => {
      try {
        return await requests.send(signal, async () => {
          const pack = await this.#fetch(new GetObjectCommand(input), signal);
          if (pack === undefined) throw new FatalError('StoreRefused', `The answer for ${key} has no content`);
          return pack;
        });
      } catch (error) {
        throw isMissingObject(error) ? new ObjectNotFoundError(key) : error;
      }
    });
  }

  async #fetch(command: GetObjectCommand, signal: AbortSignal): Promise<Pack | undefined> {
    let pack: Pack | undefined;
    sendThrough(command, async (request) => {
      const answer = await this.#sender.get(request, signal);
      pack = answer.pack;
      return answer;
    });
    await this.#requests.client.send(command, { abortSignal: signal });
    return pack;
  }
}
