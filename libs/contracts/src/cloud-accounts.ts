import { z } from 'zod';
import type { CloudClusterType } from './destination.ts';

const RoleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'is not the ARN of an IAM role');

/** Access keys, a role to assume with them, or a role alone, which the provisioner then assumes by its own identity. */
export const AwsCredentials = z
  .object({
    provider: z.literal('AWS'),
    accessKeyId: z
      .string()
      .regex(/^\w{16,128}$/, 'is not an access key id')
      .optional(),
    secretAccessKey: z.string().min(1).max(1024).optional(),
    sessionToken: z.string().min(1).max(8192).optional(),
    roleArn: RoleArn.optional(),
    /** What the role's trust policy asks for. With a role alone it is the organisation's id, whatever is said. */
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id')
      .optional(),
  })
  .superRefine(({ accessKeyId, secretAccessKey, roleArn, externalId }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
      issue(accessKeyId === undefined ? 'accessKeyId' : 'secretAccessKey', 'is missing; the two go together');
    if (accessKeyId === undefined && secretAccessKey === undefined && roleArn === undefined)
      issue('accessKeyId', 'is missing; give access keys, or a role to assume');
    if (externalId !== undefined && roleArn === undefined) issue('externalId', 'only goes with a role to assume');
  });
export type AwsCredentials = z.infer<typeof AwsCredentials>;

/** A service principal: by its secret, or, without one, by the workload identity of the provisioner. */
export const AzureCredentials = z.object({
  provider: z.literal('Azure'),
  tenantId: z.uuid(),
  subscriptionId: z.uuid(),
  clientId: z.uuid(),
  clientSecret: z.string().min(1).max(1024).optional(),
});
export type AzureCredentials = z.infer<typeof AzureCredentials>;

/** A service account: by its key, or by federation from the provisioner's own identity. */
export const GcpCredentials = z
  .object({
    provider: z.literal('GCP'),
    projectId: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is not the id of a project'),
    serviceAccountEmail: z.email(),
    /** PEM of the key. */
    privateKey: z
      .string()
      .max(10_000)
      .regex(/^-----BEGIN PRIVATE KEY-----\r?\n[\s\S]+-----END PRIVATE KEY-----\s*$/, 'is not a private key in PEM')
      .optional(),
    /** Resource name of the provider of a workload identity pool. */
    workloadIdentityProvider: z
      .string()
      .regex(/^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/)
      .optional(),
  })
  .superRefine(({ privateKey, workloadIdentityProvider }, context) => {
    if ((privateKey === undefined) === (workloadIdentityProvider === undefined))
      context.addIssue({
        code: 'custom',
        path: ['privateKey'],
        message: 'or workloadIdentityProvider has to be given, and not both',
      });
  });
export type GcpCredentials = z.infer<typeof GcpCredentials>;

export const CloudCredentials = z.discriminatedUnion('provider', [AwsCredentials, AzureCredentials, GcpCredentials]);
export type CloudCredentials = z.infer<typeof CloudCredentials>;
export const CloudProviderName = z.enum(['AWS', 'Azure', 'GCP']);
export type CloudProviderName = z.infer<typeof CloudProviderName>;

/** Whose clusters are of which type. */
export const PROVIDER_OF: Readonly<Record<CloudClusterType, CloudProviderName>> = { EKS: 'AWS', AKS: 'Azure', GKE: 'GCP' };

/** The types of clusters that can be created. */
export const CREATABLE: readonly CloudClusterType[] = ['EKS', 'AKS', 'GKE'];

/**
 * Where the clusters of an account are: its project, its subscription, the AWS account of its role. With others in their place,
 * clusters that were created by it would not be found any more.
 *
 * @returns what of the credentials has to stay as it is and does not
 */
export function movedElsewhere(present: CloudCredentials, next: CloudCredentials): { path: string[]; message: string }[] {
  const moved = (path: string, was: string) => ({
    path: [path],
    message: `is another one than that of the account, which is ${was}`,
  });
  if (present.provider === 'GCP' && next.provider === 'GCP' && present.projectId !== next.projectId)
    return [moved('projectId', present.projectId)];
  if (present.provider === 'Azure' && next.provider === 'Azure' && present.subscriptionId !== next.subscriptionId)
    return [moved('subscriptionId', present.subscriptionId)];
  if (present.provider === 'AWS' && next.provider === 'AWS' && present.roleArn && next.roleArn) {
    const [was, is] = [present.roleArn, next.roleArn].map((arn) => arn.split(':')[4]!);
    if (was !== is) return [{ path: ['roleArn'], message: `is of another AWS account than before, which is ${was}` }];
  }
  return [];
}

/** @returns who acts, as people know it: nothing of it is secret */
export function identityOf(credentials: CloudCredentials): string {
  if (credentials.provider === 'Azure') return `${credentials.clientId} in subscription ${credentials.subscriptionId}`;
  if (credentials.provider === 'GCP') return `${credentials.serviceAccountEmail} in project ${credentials.projectId}`;
  return credentials.roleArn ?? `access key ${credentials.accessKeyId}`;
}
