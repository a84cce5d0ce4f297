import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { type PackSender, type SenderOptions, type SignedRequest, TransferFailure } from '@godwit/contracts/pack-transfer';
import { expect, test } from '@jest/globals';
import { createObjectStore, type ObjectStoreOptions } from './create-object-store.ts';

const never = new AbortController().signal;

/** Takes what it is given to send, and says that it was done. */
class Recorder implements PackSender<string> {
  readonly requests: SignedRequest[] = [];
  /** Thrown instead, as long as there are any. */
  failures: Error[] = [];

  constructor(readonly options: SenderOptions) {}

  async put(request: SignedRequest) {
    return this.#answer(request);
  }

  async get(request: SignedRequest) {
    return { ...this.#answer(request), pack: 'pack' };
  }

  #answer(request: SignedRequest) {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure) throw failure;
    return { status: 200, headers: {}, text: '' };
  }
}

function record(config: Partial<ObjectStoreConfig> = {}, options: ObjectStoreOptions = {}) {
  const whole = {
    endpoint: 'https://s3.example.com',
    bucket: 'archives',
    accessKeyId: 'AKIA',
    secretAccessKey: 'secret',
    ...config,
  };
  const store = createObjectStore(ObjectStoreConfig.parse(whole), { firstWaitMs: 1, ...options });
  let sender: Recorder | undefined;
  const transfer = store.transfer((senderOptions) => {
    sender = new Recorder(senderOptions);
    return sender;
  });
  return { transfer, sender: sender! };
}

test.each([
  [{}, 'https://s3.example.com/archives/a%20b/%2B1?x-id=GetObject', 's3.example.com'],
  [{ prefix: 'team/x' }, 'https://s3.example.com/archives/team/x/a%20b/%2B1?x-id=GetObject', 's3.example.com'],
  [{ forcePathStyle: false }, 'https://archives.s3.example.com/a%20b/%2B1?x-id=GetObject', 'archives.s3.example.com'],
  [
    { endpoint: 'http://10.0.0.1:9000', forcePathStyle: false },
    'http://10.0.0.1:9000/archives/a%20b/%2B1?x-id=GetObject',
    '10.0.0.1:9000',
  ],
  [{ endpoint: 'http://[fd00::1]:9000' }, 'http://[fd00::1]:9000/archives/a%20b/%2B1?x-id=GetObject', '[fd00::1]:9000'],
  [
    { endpoint: 'https://gateway.example.com/s3/' },
    'https://gateway.example.com/s3/archives/a%20b/%2B1?x-id=GetObject',
    'gateway.example.com',
  ],
])('at %j, a pack is at %s', async (config, url, host) => {
  const { transfer, sender } = record(config);
  expect(await transfer.get('a b/+1', never)).toBe('pack');
  expect(sender.requests).toEqual([{ method: 'GET', url, headers: expect.objectContaining({ host }) }]);
});

test('a pack is put on condition that it is new, with its length and checksum, all of them signed, and its content not', async () => {
  const { transfer, sender } = record();
  await transfer.put('packs/1', 'pack', 4, 'AAAAAA==', never);
  const [{ method, headers }] = sender.requests as [SignedRequest];
  expect(method).toBe('PUT');
  expect(headers).toMatchObject({
    'content-length': '4',
    'if-none-match': '*',
    'x-amz-checksum-crc32c': 'AAAAAA==',
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
  });
  const [, signed] = /SignedHeaders=([^,]+),/.exec(headers.authorization!)!;
  expect(signed!.split(';')).toEqual(
    expect.arrayContaining([
      'content-length',
      'host',
      'if-none-match',
      'x-amz-checksum-crc32c',
      'x-amz-content-sha256',
      'x-amz-date',
    ]),
  );
  // Those would promise a body of another form.
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['expect']));
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['transfer-encoding']));
});

test('a session token goes with every request, signed', async () => {
  const { transfer, sender } = record({ sessionToken: 'token' });
  await transfer.get('packs/1', never);
  const [{ headers }] = sender.requests as [SignedRequest];
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers.authorization).toContain('x-amz-security-token');
});

test('a sender knows whom to trust and how long to wait', () => {
  const { sender } = record({ caBundle: 'PEM' }, { connectTimeoutMs: 5, idleTimeoutMs: 7 });
  expect(sender.options).toEqual({ caBundle: 'PEM', connectTimeoutMs: 5, idleTimeoutMs: 7 });
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'TIMEOUT', 'INCOMPLETE', 'OTHER'])('%s is tried again', async (code) => {
  const { transfer, sender } = record();
  sender.failures = [new TransferFailure(code, 'in the words of a library'), new TransferFailure(code, 'once more')];
  expect(await transfer.get('packs/1', never)).toBe('pack');
  expect(sender.requests).toHaveLength(3);
});

test.each([
  ['ECONNREFUSED', 'retryable', 'StoreUnreachable', 'nothing listens there'],
  ['ENOTFOUND', 'retryable', 'StoreUnreachable', 'its name is not known to DNS'],
  ['TIMEOUT', 'retryable', 'StoreUnreachable', 'did not answer in time'],
  ['INCOMPLETE', 'retryable', 'StoreUnreachable', 'ended before it was complete'],
  ['OTHER', 'retryable', 'StoreUnreachable', 'in the words of a library'],
  ['CERT_UNTRUSTED', 'fatal', 'StoreCertificateUntrusted', 'is not trusted'],
  ['PROTOCOL', 'fatal', 'StoreProtocolMismatch', 'does not speak https'],
])('%s is %s in the end: %s', async (code, kind, reason, text) => {
  const { transfer, sender } = record({}, { maxAttempts: 2 });
  sender.failures = [
    new TransferFailure(code, 'in the words of a library'),
    new TransferFailure(code, 'in the words of a library'),
  ];
  await expect(transfer.put('packs/1', 'pack', 4, 'AAAAAA==', never)).rejects.toMatchObject({
    kind,
    reason,
    message: expect.stringContaining(text),
  });
  expect(sender.requests).toHaveLength(kind === 'fatal' ? 1 : 2);
});
