import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import type { AddressGuard } from '@godwit/service-kit/address-guard';
import { leavePayloadUnsigned } from './unsigned-payload.ts';

export interface ClientTimeouts {
  /** How long connecting may take. Milliseconds. */
  connectTimeoutMs: number;
  /** How long a connection may be idle within a request. Milliseconds. */
  idleTimeoutMs: number;
}

const MAX_SOCKETS = 64;

/**
 * Sets up the S3 client. It sends each request once: `withRetries` repeats. What we store is sealed and carries its own digests, so
 * the client's second checksum is left out.
 */
export function createClient(
  config: ObjectStoreConfig,
  { connectTimeoutMs, idleTimeoutMs }: ClientTimeouts,
  guard?: AddressGuard,
): S3Client {
  const isTls = new URL(config.endpoint).protocol === 'https:';
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS, ...(guard ? { lookup: guard.lookup } : {}) };
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    credentials: {
      accessKeyId: config.accessKeyId,
      secretAccessKey: config.secretAccessKey,
      ...(config.sessionToken ? { sessionToken: config.sessionToken } : {}),
    },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // "Expect: 100-continue" would have large bodies sent on connections of their own, which know nothing of our authorities.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({ ...agent, ...(config.caBundle ? { ca: config.caBundle } : {}) }),
    },
  });
  sendOnce(client);
  // TLS keeps the body whole on its way; hashing it for the signature would cost more than all else that is done to it.
  if (isTls) leavePayloadUnsigned(client);
  return client;
}

/**
 * Takes the place of the client's own repeating. That has terms of its own (it gives up when too many requests failed, whosesoever),
 * and wraps errors that it does not know so that their codes are lost.
 */
function sendOnce(client: S3Client): void {
  client.middlewareStack.add((next) => (args) => next(args), {
    name: 'retryMiddleware',
    step: 'finalizeRequest',
    priority: 'high',
    override: true,
  });
}
