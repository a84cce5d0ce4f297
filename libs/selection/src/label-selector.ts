/** A selector of labels in the form that Kubernetes objects have; `Gt` and `Lt` are known to text selectors only. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelRequirement[];
}

export interface LabelRequirement {
  key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`; no label meets another. */
  operator: string;
  values?: string[];
}

/** True if the labels meet a selector; an empty selector meets all. */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((requirement) => meetsRequirement(requirement, labelOf(labels, requirement.key)))
  );
}

/** True if a value, or that there is none, meets a requirement: of a label, or of any other field that is selected by. */
export function meetsRequirement({ operator, values = [] }: Omit<LabelRequirement, 'key'>, value: string | undefined): boolean {
  const [bound] = values;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isInteger(value) && isInteger(bound) && BigInt(value) > BigInt(bound);
    case 'Lt':
      return isInteger(value) && isInteger(bound) && BigInt(value) < BigInt(bound);
    default:
      return false;
  }
}

/** Labels are the user's words: one may be called `constructor`. */
function labelOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

export function isInteger(value: string | undefined): value is string {
  return value !== undefined && /^-?[0-9]{1,19}$/.test(value);
}
