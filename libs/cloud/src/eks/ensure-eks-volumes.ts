import { type Addon, CreateAddonCommand, DescribeAddonCommand } from '@aws-sdk/client-eks';
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { waitUntil } from '../wait-until.ts';
import { tagsOf, volumeRoleName } from './eks-tags.ts';
import { creationFailed, creationOptions, type EksWork, unlessInUse, unlessNotThere } from './ensure-eks-cluster.ts';

/** IAM knows a new role everywhere within seconds. */
const KNOWN_WITHIN_MS = 2 * 60_000;

export const VOLUME_POLICY = 'service-role/AmazonEBSCSIDriverPolicy';

/** Lets pods of EKS act as the role, by EKS Pod Identity. */
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  ],
});

/** The managed policy lies in the partition of the cluster's role (aws, aws-cn, aws-us-gov). */
export function volumePolicyArn(roleArn: string): string {
  return `arn:${roleArn.split(':')[1]}:iam::aws:policy/${VOLUME_POLICY}`;
}

/** The role that the EBS CSI driver acts as. @returns its ARN */
export async function ensureVolumeRole(iam: IAMClient, work: EksWork): Promise<string> {
  const { runId, destination, call, pace } = work;
  if (destination.volumeRoleArn) return destination.volumeRoleArn;
  const RoleName = volumeRoleName(runId);
  const what = `IAM role ${RoleName}`;
  const options = { abortSignal: call.signal };
  const find = async () =>
    (await unlessNotThere(`reading ${what}`, iam.send(new GetRoleCommand({ RoleName }), options)))?.Role?.Arn;
  let arn = (await find()) ?? (await createRole(iam, work, RoleName));
  const PolicyArn = volumePolicyArn(destination.clusterRoleArn);
  // IAM answers from copies, which know a new role a little later: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
  await waitUntil(
    what,
    async () => {
      arn ??= await find();
      // Of a policy that is attached already it is no error.
      const attach = arn && iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }), options);
      const answer = attach && (await unlessNotThere(`attaching ${PolicyArn} to ${what}`, attach));
      return answer ? { state: 'there', done: true } : { state: 'not seen yet', done: false };
    },
    { ...call, pace: { ...pace, timeoutMs: Math.min(pace.timeoutMs, KNOWN_WITHIN_MS) } },
  );
  return arn!;
}

/** @returns undefined where it is there already */
async function createRole(iam: IAMClient, { runId, call, pace }: EksWork, RoleName: string): Promise<string | undefined> {
  const Tags = Object.entries(tagsOf(runId)).map(([Key, Value]) => ({ Key, Value }));
  const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Tags });
  const created = iam.send(command, creationOptions({ call, pace }));
  return (await unlessInUse(`creating IAM role ${RoleName}`, created))?.Role?.Arn;
}

/** What volumes need: the EBS CSI driver with its role, and the controller of snapshots. */
export async function ensureAddons(work: EksWork, volumeRoleArn: string): Promise<void> {
  const identity = [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: volumeRoleArn }];
  await ensureAddon(work, 'eks-pod-identity-agent');
  await Promise.all([ensureAddon(work, 'aws-ebs-csi-driver', identity), ensureAddon(work, 'snapshot-controller')]);
}

async function ensureAddon(
  { eks, runId, destination, call, pace }: EksWork,
  addonName: string,
  podIdentityAssociations?: { serviceAccount: string; roleArn: string }[],
): Promise<void> {
  const names = { clusterName: destination.name, addonName };
  const what = `add-on ${addonName} of EKS cluster ${destination.name}`;
  const options = { abortSignal: call.signal };
  const find = async (): Promise<Addon | undefined> =>
    (await unlessNotThere(`reading ${what}`, eks.send(new DescribeAddonCommand(names), options)))?.addon;
  if (!(await find())) {
    const command = new CreateAddonCommand({
      ...names,
      podIdentityAssociations,
      clientRequestToken: `${runId}-${addonName}`.slice(0, 64),
      tags: tagsOf(runId),
    });
    await unlessInUse(`creating ${what}`, eks.send(command, creationOptions({ call, pace })));
  }
  await waitUntil(
    what,
    async () => {
      const addon = await find();
      const state = addon?.status ?? 'not seen yet';
      if (/FAILED|DELETING/.test(state)) throw creationFailed(what, state, addon?.health?.issues);
      // It is degraded as long as its pods are only starting.
      const issues = (addon?.health?.issues ?? []).map(({ code, message }) => `${code}: ${message}`);
      return { state: [state, ...issues].join(', '), done: state === 'ACTIVE' };
    },
    { ...call, pace },
  );
}
