import type { Caller } from './caller.ts';

/** Registers an account in which there is what a new cluster is made from: roles, and the network that every account has. */
export async function seedAws(caller: Caller): Promise<void> {
  const credentials = { provider: 'AWS', accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'a-secret-of-aws' };
  await caller.post('/cloud-accounts', { name: 'production', credentials });
}
