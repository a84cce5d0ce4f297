import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { isMissingUpload, isNotImplemented } from './read-thrown.ts';
import type { StoreRequests } from './store-requests.ts';

/** S3's limit of one batch. */
export const DELETE_BATCH = 1000;

/** Deletes up to `DELETE_BATCH` objects at once, or one by one on a server that knows no batches. */
export async function deleteBatch(
  requests: StoreRequests,
  batch: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { client, bucket: Bucket, keys } = requests;
  const Objects = batch.map((key) => ({ Key: keys.toBucket(key) }));
  try {
    await requests.send(signal, async () => {
      const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await client.send(command, { abortSignal: signal });
      const refused = Errors.find(({ Code }) => Code !== 'NoSuchKey');
      if (refused) throw refusal(refused);
    });
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    for (const { Key } of Objects) {
      await requests.send(signal, () => client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal: signal }));
    }
  }
}

/** Ends the multipart uploads below a folder: nobody lists their parts, but somebody pays for them. */
export async function abortUploads(requests: StoreRequests, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const { client, bucket: Bucket, keys } = requests;
  const list = () =>
    requests.send(signal, () =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: keys.prefixToBucket(folder) }), { abortSignal: signal }),
    );
  try {
    // Those of a page are gone when the next one is asked for, so each page is the first.
    for (let page = await list(); page.Uploads?.length; page = await list()) {
      for (const { Key, UploadId } of page.Uploads) {
        const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
        await requests.send(signal, () => client.send(command, { abortSignal: signal })).catch(unless(isMissingUpload));
      }
    }
  } catch (error) {
    if (!isNotImplemented(error) && !isMissingUpload(error)) throw error;
  }
}

function unless(isHarmless: (error: unknown) => boolean): (error: unknown) => void {
  return (error) => {
    if (!isHarmless(error)) throw error;
  };
}

/** What the server says of one object of a batch, as an answer of its own. A failure of the moment stays one. */
function refusal({ Code = 'Unknown', Message = '' }: { Code?: string; Message?: string }): Error {
  const httpStatusCode = OF_THE_MOMENT.has(Code) ? 503 : 403;
  return Object.assign(new Error(Message), { name: Code, $metadata: { httpStatusCode } });
}

const OF_THE_MOMENT = new Set(['InternalError', 'ServiceUnavailable', 'SlowDown']);
