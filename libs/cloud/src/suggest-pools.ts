import type { CloudOptions } from '@godwit/contracts/calls';
import type { CloudClusterType } from '@godwit/contracts/destination';
import type { SourceNode } from '@godwit/contracts/destination-suggestion';

export type Shape = NonNullable<CloudOptions['instanceTypes']>[number];

export interface SuggestedPool {
  name: string;
  nodes: number;
  shape: Shape;
  /** For people: which nodes of the source it takes the place of. */
  because: string;
}

/** No cloud takes more pools than so many from us. */
const MOST_POOLS = 10;
const MOST_NODES = 999;

/**
 * Families for general use, the best first: others have the same numbers of CPUs and are something else (burstable, with GPUs or
 * local disks, or of a generation that is not sold everywhere).
 */
const FAMILIES: Readonly<Record<CloudClusterType, readonly RegExp[]>> = {
  EKS: [/^m[67]i\./, /^m[67]a\./, /^m[67]g\./, /^m5a?\./, /^[cr][67]i\./, /^[cr][67]a\./, /^[cr][67]g\./, /^[cr]5a?\./],
  AKS: [/^Standard_D\d+a?s_v[56]$/, /^Standard_D\d+ps_v[56]$/, /^Standard_[EF]\d+a?s_v[256]$/, /^Standard_E\d+ps_v[56]$/],
  GKE: [/^e2-standard-/, /^n2d?-standard-/, /^t2a-standard-/, /^(e2|n2d?)-high(mem|cpu)-/],
};

/** Machines that take Hyperdisks only: volumes of the class that clusters of GKE come with cannot be attached to them. */
const WITHOUT_PERSISTENT_DISKS = /^(c4|c4a|c4d|n4|n4a|n4d|m4|x4)-/;

/**
 * Pools that hold what the source's nodes hold: for each node the smallest shape of its architecture that is not smaller, and those of
 * the same shape together. Nodes that only run the control plane are the cloud's.
 *
 * @returns also what no shape holds, for people
 */
export function suggestPools(
  type: CloudClusterType,
  nodes: readonly SourceNode[],
  offered: readonly Shape[],
): { pools: SuggestedPool[]; unmatched: string[] } {
  const workers = nodes.filter(({ isControlPlane }) => !isControlPlane);
  const taken = workers.length > 0 ? workers : nodes;
  const fit = new Map<Shape, SourceNode[]>();
  const unmatched = new Set<string>();
  for (const node of taken) {
    const shape = smallestFit(type, node, offered);
    if (shape) fit.set(shape, [...(fit.get(shape) ?? []), node]);
    else unmatched.add(describeNode(node));
  }
  const largestFirst = [...fit].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_POOLS);
  const pools = largestFirst.map(([shape, held], index) => ({
    name: index === 0 ? 'nodes' : `nodes${index + 1}`,
    nodes: Math.min(held.length, MOST_NODES),
    shape,
    because: `${held.length} of the source with ${[...new Set(held.map(describeNode))].slice(0, 3).join(' or ')}`,
  }));
  return { pools, unmatched: [...unmatched] };
}

function smallestFit(type: CloudClusterType, node: SourceNode, offered: readonly Shape[]): Shape | undefined {
  const fitting = offered.filter(
    ({ name, cpus, memoryGiB, architecture }) =>
      !(type === 'GKE' && WITHOUT_PERSISTENT_DISKS.test(name)) &&
      architecture === node.architecture &&
      cpus >= node.cpus &&
      memoryGiB >= node.memoryGiB,
  );
  const rank = ({ name }: Shape) => {
    const found = FAMILIES[type].findIndex((family) => family.test(name));
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  const known = fitting.filter((shape) => rank(shape) < Number.POSITIVE_INFINITY);
  const [best] = (known.length > 0 ? known : fitting).toSorted(
    (a, b) => a.cpus - b.cpus || a.memoryGiB - b.memoryGiB || rank(a) - rank(b) || b.name.localeCompare(a.name),
  );
  return best;
}

function describeNode({ cpus, memoryGiB, architecture }: SourceNode): string {
  return `${cpus} CPUs and ${Math.round(memoryGiB * 10) / 10} GiB (${architecture})`;
}
