import type { MigrationDefinition, Selection } from '@godwit/contracts/migration-definition';

export interface DefinitionLine {
  label: string;
  value: string;
}

/**
 * What a definition asks for, for people. Texts that its author wrote into manifests are not in it: a patch may hold a password,
 * and what is told here is printed and passed on.
 */
export function describeDefinition({ selection, copy, transforms, hooks }: MigrationDefinition): DefinitionLine[] {
  const { renameNamespaces, storageClasses, imageRegistries, replicas, resourceModifiers, keepFinalizers } = transforms;
  const { prefix, suffix, map } = renameNamespaces;
  const { live } = copy;
  const arrows = (pairs: Record<string, string>) =>
    Object.entries(pairs)
      .map(([from, to]) => `${from} → ${to || 'the default'}`)
      .join(', ');
  const lines: [string, string][] = [
    ['Selection', describeScope(selection)],
    ['Only resource types', selection.resourceTypes.join(', ')],
    ['Without resource types', selection.excludeResourceTypes.join(', ')],
    ['Labels', [selection.labels, ...selection.labelSelectors].filter(Boolean).join(' or ')],
    ['Cluster-scoped objects', selection.clusterScoped === 'All' ? 'all' : 'those that are needed'],
    ['What selected objects refer to', selection.includeDependencies ? 'comes along' : 'stays'],
    ['Streams', `at most ${copy.concurrentStreams}${limit(copy.maxSpeedPerStreamMBps)}`],
    ['Claims that no pod uses', copy.excludeUnattachedPvcs ? 'stay' : 'come along'],
    [
      'Volumes read live',
      [
        live.longhorn && 'all of Longhorn',
        ...live.storageClasses.map((name) => `of class ${name}`),
        ...live.drivers.map((name) => `of driver ${name}`),
        live.withoutSnapshots && 'those without snapshots',
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['Namespaces renamed', [prefix && `prefix ${prefix}`, suffix && `suffix ${suffix}`, arrows(map)].filter(Boolean).join(', ')],
    ['Storage classes', arrows(storageClasses)],
    ['Image registries', imageRegistries.map(({ from, to }) => `${from} → ${to}`).join(', ')],
    ['Replicas', counted(replicas.length, 'rule')],
    ['Changes to manifests', counted(resourceModifiers.length, 'rule')],
    ['Finalizers kept', keepFinalizers.join(', ')],
    ['Objects that the destination has', transforms.overwriteExisting ? 'are overwritten' : 'stay as they are'],
    ['Node ports', transforms.preserveNodePorts ? 'stay the same' : 'are given anew'],
    [
      'Hooks',
      [
        hooks.sourcePre.length && `${hooks.sourcePre.length} before the snapshots`,
        hooks.sourcePost.length && `${hooks.sourcePost.length} after them`,
        hooks.destinationPost.length && `${hooks.destinationPost.length} on the destination`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
  ];
  return lines.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }));
}

function describeScope({ scope, namespaces, excludeNamespaces }: Selection): string {
  if (scope === 'Namespaces') return `the namespaces ${namespaces.join(', ')}`;
  return excludeNamespaces.length === 0 ? 'the full cluster' : `the full cluster without ${excludeNamespaces.join(', ')}`;
}

function limit(megabytes: number | undefined): string {
  return megabytes === undefined ? '' : `, each at most ${megabytes} MB/s`;
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return `${count} ${what}${count > 1 ? 's' : ''}`;
}
