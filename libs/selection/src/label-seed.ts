import { FatalError } from '@godwit/contracts/errors';
import { isLabelKey, isLabelValue } from './label-syntax.ts';

/** All terms must hold; a term holds if the label has one of the values. Empty: everything matches. */
export type LabelSeed = readonly LabelTerm[];

export interface LabelTerm {
  key: string;
  values: readonly string[];
}

/** The text is not a label seed. */
export class LabelSeedError extends FatalError {
  /** Index of the character in the text at which it goes wrong, from 0. */
  readonly position: number;

  constructor(position: number, problem: string) {
    super('LabelSeedInvalid', `Label selection, character ${position + 1}: ${problem}`, {
      cure: 'Write key:value pairs; spaces between pairs mean "and", commas between values mean "or", as in "app:web,api tier:front".',
    });
    this.position = position;
  }
}

/**
 * Reads the seed grammar: `a:b,c x:y` = (a is b or c) and x is y.
 * @throws LabelSeedError with the position of the first fault
 */
export function parseLabelSeed(text: string): LabelSeed {
  return [...text.matchAll(/\S+/g)].map((match) => parseTerm(match[0], match.index));
}

/** True if an object with these labels is selected. */
export function matchesLabels(seed: LabelSeed, labels: Readonly<Record<string, string>> | undefined): boolean {
  return seed.every(({ key, values }) => {
    const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value !== undefined && values.includes(value);
  });
}

function parseTerm(term: string, position: number): LabelTerm {
  const colon = term.indexOf(':');
  if (colon < 0) throw new LabelSeedError(position + term.length, `"${term}" has no ":" and value.`);
  const key = term.slice(0, colon);
  if (key === '') throw new LabelSeedError(position, 'the key before ":" is missing.');
  if (!isLabelKey(key)) throw new LabelSeedError(position, `"${key}" is not a label key.`);
  const values: string[] = [];
  let at = colon + 1;
  for (const value of term.slice(at).split(',')) {
    if (value === '') throw new LabelSeedError(position + at, `a value of "${key}" is missing.`);
    if (!isLabelValue(value)) throw new LabelSeedError(position + at, `"${value}" is not a label value.`);
    if (!values.includes(value)) values.push(value);
    at += value.length + 1;
  }
  return { key, values };
}
