import { describe, expect, test } from '@jest/globals';
import { matchesSelector } from './label-selector.ts';
import { parseSelector, SelectorTextError } from './selector-text.ts';

/** Objects by their labels; the cases say which of them a selector takes. */
const OBJECTS = {
  web: { app: 'web', tier: 'front' },
  api: { app: 'api', tier: 'back', 'example.com/size': '7' },
  test: { app: 'web', env: 'test' },
  empty: { app: '' },
  bare: {},
};

test.each<[string, string[]]>([
  ['', ['web', 'api', 'test', 'empty', 'bare']],
  ['  ', ['web', 'api', 'test', 'empty', 'bare']],
  ['app=web', ['web', 'test']],
  ['app==web', ['web', 'test']],
  [' app = web ', ['web', 'test']],
  ['app=web,tier=front', ['web']],
  ['app!=web', ['api', 'empty', 'bare']],
  ['app', ['web', 'api', 'test', 'empty']],
  ['!app', ['bare']],
  ['! app', ['bare']],
  ['app,!tier', ['test', 'empty']],
  ['app in (web,api)', ['web', 'api', 'test']],
  ['app in ( web , api ),env notin (test)', ['web', 'api']],
  ['tier notin (front)', ['api', 'test', 'empty', 'bare']],
  ['app=', ['empty']],
  ['app=,!tier', ['empty']],
  ['app in (,api)', ['api', 'empty']],
  ['example.com/size>6', ['api']],
  ['example.com/size<7', []],
  ['app>6', []],
  ['in in (in)', []],
])('%j', (text, taken) => {
  const selector = parseSelector(text);
  expect(Object.entries(OBJECTS).flatMap(([name, labels]) => (matchesSelector(selector, labels) ? name : []))).toEqual(taken);
});

describe('what is wrong is named with its place', () => {
  test.each<[string, number, string]>([
    ['app=web,', 8, 'a label key is missing before the end'],
    [',app=web', 0, 'a label key is missing before ","'],
    ['app=web tier=front', 8, 'a comma is missing before "tier"'],
    ['app web', 4, '"web" is none of'],
    ['app:web', 0, '"app:web" is not a label key'],
    ['-app=web', 0, '"-app" is not a label key'],
    ['Example.com/app', 0, '"Example.com/app" is not a label key'],
    ['app=we/b', 4, '"we/b" is not a label value'],
    [`app=${'x'.repeat(64)}`, 4, 'is not a label value'],
    ['app==!web', 5, 'a value is missing before "!"'],
    ['app in web', 7, '"(" with values is missing before "web"'],
    ['app in ()', 8, 'the list of values is empty'],
    ['app in (web', 11, '")" is missing before the end'],
    ['app in (web api)', 12, '")" is missing before "api"'],
    ['app notin', 9, '"(" with values is missing before the end'],
    ['size>big', 5, 'compares with a whole number'],
    ['!', 1, 'a label key is missing before the end'],
    ['!app=web', 4, 'a comma is missing before "="'],
  ])('%j', (text, position, problem) => {
    const parse = () => parseSelector(text);
    expect(parse).toThrow(SelectorTextError);
    expect(parse).toThrow(expect.objectContaining({ position, message: expect.stringContaining(problem) }));
  });
});

test('labels that are called like something of every object are none', () => {
  expect(matchesSelector(parseSelector('constructor'), {})).toBe(false);
  expect(matchesSelector(parseSelector('!constructor'), {})).toBe(true);
});
