import { createHash, createHmac } from 'node:crypto';

const PREFIX = 'Bearer k8s-aws-v1.';
const LIFETIME_MS = 15 * 60_000;

/**
 * Judges a token as the API server of EKS and STS do together: the request in it is signed by the account's key, is of now, asks
 * who the caller is and nothing else, and is for this cluster. The signature is calculated here by itself.
 *
 * @returns why it is refused
 */
export function tokenProblem(
  authorization: string | undefined,
  expected: { clusterName: string; region: string; secretAccessKey: string; now: Date },
): string | undefined {
  if (!authorization?.startsWith(PREFIX)) return 'there is no token of EKS';
  const url = new URL(Buffer.from(authorization.slice(PREFIX.length), 'base64url').toString());
  const { clusterName, region, secretAccessKey, now } = expected;
  const query = url.searchParams;
  if (url.host !== `sts.${region}.amazonaws.com`) return `the token is for ${url.host}`;
  if (query.get('Action') !== 'GetCallerIdentity') return `the token asks for ${query.get('Action')}`;
  if (query.get('X-Amz-SignedHeaders') !== 'host;x-k8s-aws-id') return 'the cluster is not signed';
  const time = query.get('X-Amz-Date') ?? '';
  const signedAt = new Date(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(now.getTime() - signedAt.getTime()) < LIFETIME_MS)) return `the token was signed at ${time}`;

  const scope = `${time.slice(0, 8)}/${region}/sts/aws4_request`;
  const signed = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const canonicalQuery = signed
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = `host:${url.host}\nx-k8s-aws-id:${clusterName}\n`;
  const canonical = ['GET', '/', canonicalQuery, headers, 'host;x-k8s-aws-id', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [time.slice(0, 8), region, 'sts', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex') === query.get('X-Amz-Signature')
    ? undefined
    : 'the signature is not of this key and cluster';
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
