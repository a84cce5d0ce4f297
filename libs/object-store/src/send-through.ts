import type { SignedRequest, TransferAnswer } from '@godwit/contracts/pack-transfer';
import { middlewareOf, type WithMiddleware } from './middleware-of.ts';
import { StoreAnswerError } from './store-answer-error.ts';

/** A request of the S3 client as it would go to the socket: `path` is encoded, `hostname` of IPv6 has its brackets. */
interface ClientRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
}

/**
 * Lets `send` carry one command in place of the client's own connections. The client still finds the address, encodes the key,
 * signs, and sets its clock by the `Date` of the answer, so that both ways to the store agree in all of these.
 * @throws StoreAnswerError, out of the client, for an answer that is no success
 */
export function sendThrough(command: WithMiddleware, send: (request: SignedRequest) => Promise<TransferAnswer>): void {
  middlewareOf(command).add(
    () => async (args) => {
      const answer = await send(toSignedRequest(args.request as ClientRequest));
      if (answer.status < 200 || answer.status > 299) throw new StoreAnswerError(answer);
      return {
        response: { statusCode: answer.status, headers: answer.headers },
        output: { $metadata: { httpStatusCode: answer.status } },
      };
    },
    // First of the steps that come after the signature.
    { step: 'deserialize', priority: 'high', name: 'sendThrough' },
  );
}

function toSignedRequest({ method, protocol, hostname, port, path, query, headers }: ClientRequest): SignedRequest {
  // In the order of the client's own; the names and values that it adds to these commands are plain words.
  const search = Object.entries(query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return {
    method: method as SignedRequest['method'],
    url: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    headers: { ...headers },
  };
}
