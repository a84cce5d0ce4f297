import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';

export interface ClientOptions {
  maxAttempts: number;
  /** How long a connection may be idle within a request. Milliseconds. */
  idleTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_SOCKETS = 64;

/** Sets up the S3 client. What we store is sealed and carries its own digests, so the client's second checksum is left out. */
export function createClient(config: ObjectStoreConfig, { maxAttempts, idleTimeoutMs }: ClientOptions): S3Client {
  const isTls = new URL(config.endpoint).protocol === 'https:';
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
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
    retryMode: 'standard',
    maxAttempts,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: idleTimeoutMs,
      httpAgent: agent,
      httpsAgent: { ...agent, ...(config.caBundle ? { ca: config.caBundle } : {}) },
    },
  });
  if (isTls) leavePayloadUnsigned(client);
  return client;
}

/** TLS keeps the body whole on its way; hashing it for the signature would cost more than all else that is done to it. */
function leavePayloadUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const request = args.request as { headers?: Record<string, string> };
      if (context.commandName === 'PutObjectCommand' && request.headers) {
        request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', name: 'leavePayloadUnsigned' },
  );
}
