import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from './caller.ts';

const KEYS = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'a-secret-of-aws' };
const REGION = 'eu-central-1';

/** Registers an account in which there is what a new cluster is made from: roles, and the network that every account has. */
export async function seedAws(caller: Caller, endpoint: string): Promise<void> {
  const iam = new IAMClient({ endpoint, region: REGION, credentials: { ...KEYS } });
  for (const [RoleName, service] of [
    ['cluster', 'eks.amazonaws.com'],
    ['nodes', 'ec2.amazonaws.com'],
  ] as const) {
    const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  iam.destroy();
  await caller.post('/cloud-accounts', { name: 'production', credentials: { provider: 'AWS', ...KEYS } });
}
