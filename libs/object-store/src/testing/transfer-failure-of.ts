import { TransferFailure } from '@godwit/contracts/pack-transfer';

/** Codes of Node.js, by the code of TransferFailure that they mean. */
const MEANINGS: [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'ECONNREFUSED'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'ENOTFOUND'],
  [/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/, 'CERT_UNTRUSTED'],
  [/^ETIMEDOUT$/, 'TIMEOUT'],
  [/^(ECONNRESET|EPIPE)$/, 'INCOMPLETE'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_|HPE_)/, 'PROTOCOL'],
];

/** @returns what a socket, TLS or HTTP of Node threw, in the words of the contract. */
export function transferFailureOf(error: unknown): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new TransferFailure(MEANINGS.find(([pattern]) => pattern.test(code))?.[1] ?? 'OTHER', message);
}
