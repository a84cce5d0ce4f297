import { FatalError } from '@godwit/contracts/errors';
import { isInteger, type LabelRequirement, type LabelSelector } from './label-selector.ts';
import { isLabelKey, isLabelValue } from './label-syntax.ts';

/** The text is not a selector as kubectl takes it. */
export class SelectorTextError extends FatalError {
  /** Index of the character in the text at which it goes wrong, from 0. */
  readonly position: number;

  constructor(position: number, problem: string) {
    super('LabelSelectorInvalid', `Label selector, character ${position + 1}: ${problem}`, {
      cure: 'Write requirements as kubectl takes them, with commas for "and": "app=web", "tier!=test", "app in (web,api)", "tier notin (test)", "app", "!legacy".',
    });
    this.position = position;
  }
}

interface Token {
  text: string;
  at: number;
}

const OPERATORS: Readonly<Record<string, string>> = { '=': 'In', '==': 'In', '!=': 'NotIn', '>': 'Gt', '<': 'Lt' };

/**
 * Reads a selector as `kubectl --selector` takes it. Empty text selects all.
 * @throws SelectorTextError with the position of the first fault
 */
export function parseSelector(text: string): LabelSelector & { matchExpressions: LabelRequirement[] } {
  const tokens = new Tokens(text);
  const matchExpressions: LabelRequirement[] = [];
  if (tokens.atEnd) return { matchExpressions };
  do matchExpressions.push(parseRequirement(tokens));
  while (tokens.take(','));
  if (!tokens.atEnd) tokens.refuse('a comma is missing before');
  return { matchExpressions };
}

function parseRequirement(tokens: Tokens): LabelRequirement {
  const isAbsent = tokens.take('!');
  const key = tokens.word('a label key');
  if (!isLabelKey(key.text)) throw new SelectorTextError(key.at, `"${key.text}" is not a label key.`);
  if (isAbsent) return { key: key.text, operator: 'DoesNotExist' };
  if (tokens.atEnd || tokens.peek.text === ',') return { key: key.text, operator: 'Exists' };
  const operator = tokens.next();
  if (operator.text === 'in' || operator.text === 'notin') {
    return { key: key.text, operator: operator.text === 'in' ? 'In' : 'NotIn', values: parseSet(tokens) };
  }
  const named = Object.hasOwn(OPERATORS, operator.text) ? OPERATORS[operator.text] : undefined;
  if (!named) {
    throw new SelectorTextError(operator.at, `"${operator.text}" is none of =, ==, !=, in, notin, >, < and the comma.`);
  }
  const { text, at } = tokens.value();
  if ((named === 'Gt' || named === 'Lt') && !isInteger(text)) {
    throw new SelectorTextError(at, `"${operator.text}" compares with a whole number, not with "${text}".`);
  }
  return { key: key.text, operator: named, values: [text] };
}

/** `(a,b)`; an empty value among several is one, as for the API server. */
function parseSet(tokens: Tokens): string[] {
  if (!tokens.take('(')) tokens.refuse('"(" with values is missing before');
  const opened = tokens.peek;
  if (opened.text === ')') throw new SelectorTextError(opened.at, 'the list of values is empty.');
  const values = new Set<string>();
  do values.add(tokens.value().text);
  while (tokens.take(','));
  if (!tokens.take(')')) tokens.refuse('")" is missing before');
  return [...values];
}

class Tokens {
  private readonly tokens: Token[];
  private index = 0;

  constructor(text: string) {
    this.tokens = [...text.matchAll(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g)].map((match) => ({ text: match[0], at: match.index }));
    this.tokens.push({ text: '', at: text.length });
  }

  get atEnd(): boolean {
    return this.peek.text === '';
  }

  get peek(): Token {
    return this.tokens[this.index]!;
  }

  next(): Token {
    const token = this.peek;
    if (!this.atEnd) this.index++;
    return token;
  }

  take(text: string): boolean {
    const isNext = this.peek.text === text;
    if (isNext) this.index++;
    return isNext;
  }

  word(what: string): Token {
    if (this.atEnd || /^[=!(),<>]/.test(this.peek.text)) this.refuse(`${what} is missing before`);
    return this.next();
  }

  /** A value; where another token or the end follows, the empty one. */
  value(): Token {
    if (this.atEnd || this.peek.text === ',' || this.peek.text === ')') return { text: '', at: this.peek.at };
    const value = this.word('a value');
    if (!isLabelValue(value.text)) throw new SelectorTextError(value.at, `"${value.text}" is not a label value.`);
    return value;
  }

  refuse(problem: string): never {
    throw new SelectorTextError(this.peek.at, `${problem} ${this.atEnd ? 'the end' : `"${this.peek.text}"`}.`);
  }
}
