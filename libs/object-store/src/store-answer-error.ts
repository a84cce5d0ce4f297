import type { TransferAnswer } from '@godwit/contracts/pack-transfer';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * An answer that is no success, shaped as the S3 client shapes what it throws, so that one reading of failures serves both
 * (`read-thrown.ts`).
 */
export class StoreAnswerError extends Error {
  readonly $metadata: { httpStatusCode: number };
  readonly $response: { statusCode: number; headers: Record<string, string> };

  constructor({ status, headers, text }: TransferAnswer) {
    super(textOf('Message', text) ?? '');
    this.name = textOf('Code', text) ?? nameWithoutBody(status, text);
    this.$metadata = { httpStatusCode: status };
    this.$response = { statusCode: status, headers };
  }
}

/** A 404 that says nothing is a missing object; one with a page of its own comes from something that is no object storage. */
function nameWithoutBody(status: number, text: string): string {
  return status === 404 && text === '' ? 'NotFound' : 'Unknown';
}

/** Errors of S3 are flat: `<Error><Code>…</Code><Message>…</Message>…</Error>`. */
function textOf(element: string, xml: string): string | undefined {
  const content = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  return content?.trim().replace(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole);
}
