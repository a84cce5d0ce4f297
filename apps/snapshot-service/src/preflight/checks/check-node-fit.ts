import type { Finding } from '@godwit/contracts/findings';
import type { Facts, NodeFacts, Workload } from '../facts/facts.ts';
import { formatAmount } from '../quantity.ts';
import { isSelected, lacking, untolerated } from '../scheduling/node-match.ts';
import { type Check, someOf } from './check.ts';

const ARCH = 'kubernetes.io/arch';

/** Pods that no node of the destination would take: its labels, its taints, its size. */
export const checkNodeFit: Check = (facts) => {
  const { nodes } = facts.destination;
  if (nodes.length === 0) return [];
  return [...facts.source.workloads.flatMap((workload) => misfit(facts, workload)), ...architectures(facts)];
};

function misfit(facts: Facts, workload: Workload): Finding[] {
  const { nodes } = facts.destination;
  const { spec } = workload;
  const selected = nodes.filter((node) => isSelected(node, spec));
  if (selected.length === 0) {
    const demands = demandsOf(workload);
    const message = `no node of the destination meets ${demands}`;
    return [
      finding(
        facts,
        workload,
        'NoNodeSelected',
        message,
        'Label nodes of the destination so, or change it by a resource modifier.',
      ),
    ];
  }
  const tolerated = selected.filter((node) => untolerated(node, spec).length === 0);
  if (tolerated.length === 0) {
    const taints = [...new Set(selected.flatMap((node) => untolerated(node, spec)).map(({ key, effect }) => `${key}:${effect}`))];
    const message = `it tolerates the taints of no node that it could run on (${someOf(taints)})`;
    return [finding(facts, workload, 'TaintNotTolerated', message, 'Take the taint away, add nodes, or add a toleration.')];
  }
  if (tolerated.some((node) => Object.keys(lacking(node, spec)).length === 0)) return [];
  const message = `its pod asks for more than any node that it could run on has (${shortages(tolerated, workload)})`;
  return [finding(facts, workload, 'NodesTooSmall', message, 'Add larger nodes, or lower its requests by a resource modifier.')];
}

/**
 * What keeps pods waiting is an error where they run today, and on clusters that clearly do not grow. Pools that clouds scale down
 * to nothing are not seen, so that any node of a cloud leaves hope.
 */
function finding(facts: Facts, workload: Workload, reason: string, message: string, cure: string): Finding {
  const { source, destination } = facts;
  const { kind, object, spec, replicas } = workload;
  const runsAtSource = source.nodes.length === 0 || source.nodes.some((node) => isSelected(node, spec));
  const mayGrow = destination.addsNodes || destination.nodes.some(({ isOfCloud }) => isOfCloud);
  const waits = kind === 'DaemonSet' || replicas === 0 || !runsAtSource || mayGrow;
  const hope = mayGrow ? ', unless one is added for it' : '';
  return {
    severity: waits ? 'warning' : 'error',
    reason,
    cluster: destination.name,
    object,
    message: `${message}${hope}`,
    cure,
  };
}

function demandsOf({ spec: { nodeSelector = {}, affinity, os } }: Workload): string {
  const labels = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
  const isAffine = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
  const demands = [
    ...(labels.length > 0 ? [`its nodeSelector ${labels.join(',')}`] : []),
    ...(isAffine ? ['its required node affinity'] : []),
    ...(os ? [`its operating system ${os.name}`] : []),
  ];
  return demands.join(' and ');
}

function shortages(nodes: readonly NodeFacts[], { spec }: Workload): string {
  const lacks = nodes.map((node) => lacking(node, spec));
  const resources = [...new Set(lacks.flatMap(Object.keys))];
  return resources
    .map((resource) => {
      const asked = Math.max(...lacks.map((lack) => lack[resource] ?? 0));
      const most = Math.max(...nodes.map(({ allocatable }) => allocatable[resource] ?? 0));
      return `${resource}: ${formatAmount(resource, asked)} asked, ${formatAmount(resource, most)} at most`;
    })
    .join('; ');
}

/** Images are of an architecture, and which ones an image has cannot be told without its registry. */
function architectures({ source, destination }: Facts): Finding[] {
  const of = (nodes: readonly NodeFacts[]) => [...new Set(nodes.flatMap(({ labels }) => labels[ARCH] ?? []))].sort();
  const [ours, theirs] = [of(source.nodes), of(destination.nodes)];
  if (source.workloads.length === 0 || ours.length === 0 || theirs.length === 0) return [];
  if (ours.some((arch) => theirs.includes(arch))) {
    const lost = ours.filter((arch) => !theirs.includes(arch));
    if (lost.length === 0) return [];
    return [arch('note', `the destination has no ${lost.join(', ')} nodes, as the source has beside others`)];
  }
  return [
    arch(
      'warning',
      `its nodes are ${theirs.join(', ')}, those of the source ${ours.join(', ')}: images of one do not run on the other`,
    ),
  ];

  function arch(severity: Finding['severity'], message: string): Finding {
    return {
      severity,
      reason: 'ArchitectureDiffers',
      cluster: destination.name,
      message: `cluster "${destination.name}": ${message}`,
      cure: 'See that the images are built for the architecture of the destination.',
    };
  }
}
