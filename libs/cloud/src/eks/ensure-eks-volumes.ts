import { type Addon, CreateAddonCommand, DescribeAddonCommand } from '@aws-sdk/client-eks';
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { waitUntil } from '../wait-until.ts';
import { tagsOf, volumeRoleName } from './eks-tags.ts';
import { creationFailed, creationOptions, type EksWork, unlessInUse, unlessNotThere } from './ensure-eks-cluster.ts';
import { explainAwsError } from './explain-aws-error.ts';

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
export async function ensureVolumeRole(iam: IAMClient, { runId, destination, call, pace }: EksWork): Promise<string> {
  if (destination.volumeRoleArn) return destination.volumeRoleArn;
  const RoleName = volumeRoleName(runId);
  const what = `IAM role ${RoleName}`;
  const options = { abortSignal: call.signal };
  const find = async () =>
    (await unlessNotThere(`reading ${what}`, iam.send(new GetRoleCommand({ RoleName }), options)))?.Role?.Arn;
  let arn = await find();
  if (!arn) {
    const Tags = Object.entries(tagsOf(runId)).map(([Key, Value]) => ({ Key, Value }));
    const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Tags });
    await unlessInUse(`creating ${what}`, iam.send(command, creationOptions({ call, pace })));
    arn = await find();
  }
  const PolicyArn = volumePolicyArn(destination.clusterRoleArn);
  try {
    // Of a policy that is attached already it is no error.
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }), options);
  } catch (error) {
    throw explainAwsError(error, `attaching ${PolicyArn} to ${what}`);
  }
  return arn!;
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
      if (/FAILED|DEGRADED|DELETING/.test(state)) throw creationFailed(what, state, addon?.health?.issues);
      return { state, done: state === 'ACTIVE' };
    },
    { ...call, pace },
  );
}
