import type { Readable } from 'node:stream';

/** The server ended its answer early; the request may be sent again. */
export class IncompleteBodyError extends Error {
  override readonly name = 'IncompleteBody';
}

/**
 * Collects an answer's body into one buffer of its announced length: no list of chunks that is joined in the end.
 * @throws IncompleteBodyError
 */
export async function readBody(body: Readable, length: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(length);
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    body.on('data', (chunk: Buffer) => {
      if (received + chunk.length <= length) chunk.copy(whole, received);
      received += chunk.length;
    });
    body.once('error', reject);
    body.once('end', resolve);
    body.once('close', resolve);
  });
  if (received !== length) throw new IncompleteBodyError(`${received} of ${length} bytes arrived`);
  return whole;
}
