import { findValkeyBinary } from '../infra/valkey-binary.ts';
import { findVersitygwBinary } from '../infra/versitygw-binary.ts';
import type { ToolchainName } from './check-toolchains.ts';

/** @returns what the infrastructure needs here: nothing for a server that is already there or that the environment names. */
export async function toolchainsForInfrastructure(environment: NodeJS.ProcessEnv): Promise<ToolchainName[]> {
  const needed: ToolchainName[] = [];
  if (!environment.GODWIT_S3_ENDPOINT && !findVersitygwBinary()) needed.push('go');
  if (!environment.REDIS_URL && !(await findValkeyBinary())) needed.push('pip');
  return needed;
}
