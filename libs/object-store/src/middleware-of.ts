import type { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** A client, or a command that carries packs. */
export type WithMiddleware = S3Client | PutObjectCommand | GetObjectCommand;

/** @returns its middleware; the types differ by what goes in and comes out, which ours does not look at. */
export function middlewareOf({ middlewareStack }: WithMiddleware): S3Client['middlewareStack'] {
  return middlewareStack as S3Client['middlewareStack'];
}
