import { ensureGoProgram, findGoProgram, type GoProgram } from './go-program.ts';

const VERSITYGW: GoProgram = { module: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0' };

/** @returns path of the S3 gateway if it was built before. */
export function findVersitygwBinary(): string | undefined {
  return findGoProgram(VERSITYGW);
}

/** @returns path of the S3 gateway, built once into the cache (one to two minutes the first time). */
export function ensureVersitygwBinary(onLine: (line: string) => void): Promise<string> {
  const cure = 'Install Go 1.26 or newer, or set GODWIT_S3_ENDPOINT to an object store of your own.';
  return ensureGoProgram(VERSITYGW, cure, onLine);
}
