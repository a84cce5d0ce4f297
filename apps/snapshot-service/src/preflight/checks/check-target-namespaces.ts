import type { Finding } from '@godwit/contracts/findings';
import type { Facts } from '../facts/facts.ts';
import type { Check } from './check.ts';

/** Namespaces that are on the destination already: what is in them stays, or is overwritten; what is ending takes nothing. */
export const checkTargetNamespaces: Check = (facts) =>
  Object.entries(facts.namespaces).flatMap(([source, target]) => existing(facts, source, target));

function existing({ destination, definition }: Facts, source: string, target: string): Finding[] {
  const found = destination.namespaces.get(target);
  if (!found) return [];
  const finding = { cluster: destination.name, object: `Namespace ${target}` };
  if (found.terminating) {
    const holds = found.holds.length > 0 ? `: ${found.holds.join('; ')}` : '';
    return [
      {
        ...finding,
        severity: 'error',
        reason: 'NamespaceTerminating',
        message: `it is being deleted on cluster "${destination.name}"${holds}`,
        cure: 'Wait until it is gone; if it does not go, remove what holds it (most often finalizers whose controller is gone).',
      },
    ];
  }
  // That every cluster has this one is no news.
  if (target === 'default' && !definition.transforms.overwriteExisting) return [];
  const from = source === target ? '' : ` (from ${source})`;
  return [
    definition.transforms.overwriteExisting
      ? {
          ...finding,
          severity: 'warning',
          reason: 'NamespaceExists',
          message: `it is on cluster "${destination.name}" already${from}, and objects of the same names are overwritten`,
          cure: 'Rename the namespace if its objects are to stay as they are.',
        }
      : {
          ...finding,
          severity: 'note',
          reason: 'NamespaceExists',
          message: `it is on cluster "${destination.name}" already${from}; objects that are there stay as they are`,
        },
  ];
}
