import type { Finding } from '@godwit/contracts/findings';
import type { SelectedNamespaces } from '@godwit/selection/select-namespaces';

/** What is wrong with the namespaces that a selection means. */
export function namespaceFindings(selected: SelectedNamespaces, cluster: string): Finding[] {
  const missing: Finding[] = selected.missing.map((name) => ({
    severity: 'error',
    reason: 'NamespaceMissing',
    cluster,
    message: `cluster "${cluster}" has no namespace ${name}`,
    cure: 'Correct the selection.',
  }));
  const refused: Finding[] = selected.refused.map((name) => ({
    severity: 'error',
    reason: 'NamespaceRefused',
    message: `namespace ${name} is our own and cannot be migrated`,
    cure: 'Take it out of the selection.',
  }));
  const none: Finding[] =
    selected.selected.length + missing.length + refused.length > 0
      ? []
      : [
          {
            severity: 'error',
            reason: 'NothingSelected',
            cluster,
            message: `cluster "${cluster}" has no namespace that the selection means`,
            cure: 'Correct the selection.',
          },
        ];
  return [...missing, ...refused, ...none];
}
