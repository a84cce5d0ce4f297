import {
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
import { DeleteRoleCommand, DetachRolePolicyCommand, type IAMClient } from '@aws-sdk/client-iam';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { waitUntil } from '../wait-until.ts';
import { volumeRoleName } from './eks-tags.ts';
import { type EksWork, findCluster, unlessInUse, unlessNotThere } from './ensure-eks-cluster.ts';
import { volumePolicyArn } from './ensure-eks-volumes.ts';
import { explainAwsError } from './explain-aws-error.ts';

const DELETING = 'DELETING';

/** Node groups, then the control plane with its add-ons, then the role: each only when nothing needs it any more. */
export async function deleteEksCluster(work: EksWork, iam: IAMClient): Promise<void> {
  const cluster = await findCluster(work);
  if (cluster?.tags?.[RUN_LABEL] === work.runId) {
    await Promise.all((await listNodeGroups(work)).map((name) => deleteNodeGroup(work, name)));
    await deleteControlPlane(work);
  }
  await deleteVolumeRole(iam, work);
}

async function listNodeGroups({ eks, destination: { name: clusterName } }: EksWork): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const page of paginateListNodegroups({ client: eks }, { clusterName })) names.push(...(page.nodegroups ?? []));
  } catch (error) {
    throw explainAwsError(error, `listing the node groups of EKS cluster ${clusterName}`);
  }
  return names;
}

/** What is being made cannot be deleted: it is asked again until it can. */
async function deleteNodeGroup({ eks, destination, call, pace }: EksWork, nodegroupName: string): Promise<void> {
  const names = { clusterName: destination.name, nodegroupName };
  const what = `deletion of node group ${nodegroupName} of EKS cluster ${destination.name}`;
  const options = { abortSignal: call.signal };
  await waitUntil(
    what,
    async () => {
      const found = await unlessNotThere(what, eks.send(new DescribeNodegroupCommand(names), options));
      if (!found) return { state: 'gone', done: true };
      const state = found.nodegroup?.status ?? 'UNKNOWN';
      if (state !== DELETING) await unlessNotThere(what, unlessInUse(what, eks.send(new DeleteNodegroupCommand(names), options)));
      return { state, done: false };
    },
    { ...call, pace },
  );
}

async function deleteControlPlane(work: EksWork): Promise<void> {
  const { eks, destination, call, pace } = work;
  const { name } = destination;
  const what = `deletion of EKS cluster ${name}`;
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      if (!cluster) return { state: 'gone', done: true };
      const state = cluster.status ?? 'UNKNOWN';
      if (state !== DELETING) await unlessInUse(what, eks.send(new DeleteClusterCommand({ name }), { abortSignal: call.signal }));
      return { state, done: false };
    },
    { ...call, pace },
  );
}

async function deleteVolumeRole(iam: IAMClient, { runId, destination, call }: EksWork): Promise<void> {
  if (destination.volumeRoleArn) return;
  const RoleName = volumeRoleName(runId);
  const PolicyArn = volumePolicyArn(destination.clusterRoleArn);
  const options = { abortSignal: call.signal };
  const what = `deleting IAM role ${RoleName}`;
  await unlessNotThere(what, iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), options));
  await unlessNotThere(what, iam.send(new DeleteRoleCommand({ RoleName }), options));
}
