import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:https';
import type { TestMinio } from './start-minio.ts';

export interface TemporaryCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

const BODY = 'Action=AssumeRole&Version=2011-06-15&DurationSeconds=900';

/** @returns credentials of MinIO's STS that are good for a quarter of an hour, with the rights of the server's own. */
export async function assumeRole(server: TestMinio): Promise<TemporaryCredentials> {
  const answer = await post(server, signed(server, new Date()));
  const value = (element: string) => {
    const text = new RegExp(`<${element}>([^<]+)</${element}>`).exec(answer)?.[1];
    if (text === undefined) throw new Error(`MinIO's STS gave no ${element}: ${answer.slice(0, 500)}`);
    return text;
  };
  return {
    accessKeyId: value('AccessKeyId'),
    secretAccessKey: value('SecretAccessKey'),
    sessionToken: value('SessionToken'),
  };
}

/** Signature version 4 of this one request. */
function signed({ port, region, accessKeyId, secretAccessKey }: TestMinio, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const host = `127.0.0.1:${port}`;
  const names = 'content-type;host;x-amz-date';
  const type = 'application/x-www-form-urlencoded';
  const canonical = ['POST', '/', '', `content-type:${type}`, `host:${host}`, `x-amz-date:${time}`, '', names, sha256(BODY)];
  const scope = `${day}/${region}/sts/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical.join('\n'))].join('\n');
  const key = [day, region, 'sts', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    host,
    'content-type': type,
    'content-length': String(BODY.length),
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function post({ endpoint, caBundle }: TestMinio, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = request(endpoint, { method: 'POST', headers, ca: caBundle, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject).once('end', () => resolve(text));
    });
    sending.once('error', reject).end(BODY);
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
