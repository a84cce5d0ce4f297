import { FatalError } from '@godwit/contracts/errors';
import { matchesSelector } from '@godwit/selection/label-selector';

const KEY = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const REQUIREMENT = new RegExp(
  `^(?:(?<absent>!)\\s*(?<absentKey>${KEY})|(?<key>${KEY})(?:\\s*(?<sign>==|=|!=)\\s*(?<value>[-A-Za-z0-9_.]*)|\\s+(?<set>in|notin)\\s*\\((?<values>[-A-Za-z0-9_.,\\s]*)\\))?)$`,
);

/** The predicate of a label selector as kubectl takes it; the empty one means any labels. */
export function labelMatcher(selector: string): (labels: Readonly<Record<string, string>> | undefined) => boolean {
  if (selector.trim() === '') return () => true;
  const matchExpressions = selector.split(/,(?![^(]*\))/).map((text) => requirement(text.trim(), selector));
  return (labels) => matchesSelector({ matchExpressions }, labels);
}

function requirement(text: string, selector: string): { key: string; operator: string; values?: string[] } {
  const { absentKey, key, sign, value = '', set, values = '' } = REQUIREMENT.exec(text)?.groups ?? {};
  if (absentKey) return { key: absentKey, operator: 'DoesNotExist' };
  if (!key) {
    throw new FatalError('LabelSelectorInvalid', `"${text}" in the label selector "${selector}" cannot be read.`, {
      cure: 'Write it as for kubectl, such as: app in (web,api),tier!=test,!legacy',
    });
  }
  if (sign) return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  if (set) return { key, operator: set === 'in' ? 'In' : 'NotIn', values: values.split(',').map((one) => one.trim()) };
  return { key, operator: 'Exists' };
}
