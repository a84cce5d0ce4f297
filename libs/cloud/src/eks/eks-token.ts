import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, Checksum, SourceData } from '@smithy/types';

const PREFIX = 'k8s-aws-v1.';
/** Of the signed request itself; the same as `aws eks get-token` asks for. */
const SIGNATURE_SECONDS = 60;
/** The API server takes a token for 15 minutes after it was signed; one less for clocks that differ. */
const TOKEN_MS = 14 * 60_000;

/**
 * A token by which the API server of an EKS cluster knows the caller: a signed request for who that is, which the API server
 * sends to STS. Nothing is asked of AWS for it.
 */
export async function createEksToken(
  { region, name }: { region: string; name: string },
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider,
  now = new Date(),
): Promise<{ token: string; expiresAt: Date }> {
  const hostname = `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Sha256 });
  const signed = await signer.presign(
    {
      protocol: 'https:',
      hostname,
      method: 'GET',
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': name },
    },
    { expiresIn: SIGNATURE_SECONDS, unhoistableHeaders: new Set(['x-k8s-aws-id']), signingDate: now },
  );
  const query = new URLSearchParams(signed.query as Record<string, string>);
  const token = PREFIX + Buffer.from(`https://${hostname}/?${query}`).toString('base64url');
  return { token, expiresAt: new Date(now.getTime() + TOKEN_MS) };
}

/** What the signer hashes with. */
class Sha256 implements Checksum {
  private hash: Hash | Hmac;

  constructor(private readonly secret?: SourceData) {
    this.hash = this.begin();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    this.hash = this.begin();
  }

  private begin(): Hash | Hmac {
    if (this.secret === undefined) return createHash('sha256');
    const { secret } = this;
    if (typeof secret === 'string') return createHmac('sha256', secret);
    return createHmac(
      'sha256',
      ArrayBuffer.isView(secret) ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength) : new Uint8Array(secret),
    );
  }
}
