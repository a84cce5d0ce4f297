import type { Finding } from '@godwit/contracts/findings';

/** How many findings of one reason are told each by itself. */
const TOLD_EACH = 20;
const ORDER = { error: 0, warning: 1, note: 2 };

/**
 * Errors first, and of many findings of one reason and severity the first few: the rest is told in a sentence, so that a fault
 * of a whole cluster does not hide the others.
 */
export function condense(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  const groups = Map.groupBy(sorted, ({ severity, reason, cluster }) => `${severity} ${reason} ${cluster ?? ''}`);
  return [...groups.values()].flatMap((group) => {
    const rest = group.slice(TOLD_EACH);
    const [first] = rest;
    if (!first) return group;
    const { severity, reason, cluster, cure } = first;
    const objects = rest.map(({ object, message }) => object ?? message);
    const more = objects.length > TOLD_EACH ? `, and ${objects.length - TOLD_EACH} more` : '';
    const message = `${rest.length} more findings like these: ${objects.slice(0, TOLD_EACH).join(', ')}${more}`;
    return [...group.slice(0, TOLD_EACH), { severity, reason, cluster, message, cure }];
  });
}
