import { HOOK_SLOTS } from '@godwit/contracts/app-hooks';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { destinationText } from '../migrations/destination-text.ts';
import { enumerate, selectionText } from '../migrations/selection-text.ts';

/** @returns what a definition means, in sentences; `nameOf` has the names of clusters */
export function summaryText(definition: MigrationDefinition, nameOf: (clusterId: string) => string): string[] {
  const { sourceClusterId, selection, copy, transforms, hooks, onFailure } = definition;
  const { renameNamespaces, storageClasses, overwriteExisting, preserveNodePorts } = transforms;
  const renames = [
    renameNamespaces.prefix && `get the prefix ${renameNamespaces.prefix}`,
    renameNamespaces.suffix && `get the suffix ${renameNamespaces.suffix}`,
    ...Object.entries(renameNamespaces.map).map(([from, to]) => `${from} becomes ${to}`),
  ].filter(Boolean) as string[];
  const classes = Object.entries(storageClasses).map(([from, to]) => `${from} becomes ${to || 'the default class'}`);
  const count = HOOK_SLOTS.reduce((sum, slot) => sum + hooks[slot].length, 0);
  const own = transforms.imageRegistries.length + transforms.replicas.length + transforms.resourceModifiers.length;
  return [
    `Moves ${selectionText(selection)}, from ${nameOf(sourceClusterId)} to ${destinationText(definition, nameOf)}.`,
    renames.length > 0 && `Namespaces: ${enumerate(renames)}.`,
    classes.length > 0 && `Storage classes: ${enumerate(classes)}.`,
    overwriteExisting ? 'What is there already is overwritten.' : 'What is there already is left as it is.',
    preserveNodePorts && 'Node ports are preserved.',
    own > 0 && `${own === 1 ? '1 rule of your own changes' : `${own} rules of your own change`} objects on the way.`,
    `Data moves in ${copy.concurrentStreams === 1 ? '1 stream' : `${copy.concurrentStreams} streams`}${copy.maxSpeedPerStreamMBps ? ` of at most ${copy.maxSpeedPerStreamMBps} MB per second each` : ''}.`,
    copy.excludeUnattachedPvcs && 'Claims that no pod uses stay.',
    count > 0 && `${count === 1 ? '1 hook runs' : `${count} hooks run`} in the pods.`,
    onFailure.holdMinutes > 0 && `A run that fails can be retried for ${onFailure.holdMinutes} minutes.`,
  ].filter(Boolean) as string[];
}
