import { readdirSync, readFileSync } from 'node:fs';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { Selection } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { chooseObjects } from './choose-objects.ts';
import { describeFacts, factsOf } from './object-facts.ts';
import type { ResourceInfo } from './resource-info.ts';
import { readSelection } from './selection-criteria.ts';

/*
 * testdata/<case>/source.yaml     objects of the source, as its API server gives them
 *                /selection.yaml  a definition's selection
 *                /expected.yaml   captured: `selected`, or why it comes along (a text, or /one of several/); left: the reason
 */
const TESTDATA = new URL('../testdata/', import.meta.url);
const SHORT_NAMES: Record<string, string[]> = { StatefulSet: ['sts'], PersistentVolumeClaim: ['pvc'] };

function typeOf({ apiVersion, kind }: KubernetesObject): ResourceInfo {
  const lower = kind.toLowerCase();
  const plural = lower.endsWith('s') ? `${lower}es` : lower.replace(/y$/, 'ie').concat('s');
  return { group: groupOf(apiVersion), version: 'v1', kind, plural, shortNames: SHORT_NAMES[kind] ?? [] };
}

test.each(readdirSync(TESTDATA))('%s', (testCase) => {
  const text = (file: string) => readFileSync(new URL(`${testCase}/${file}`, TESTDATA), 'utf8');
  const objects = parseAllDocuments(text('source.yaml')).map((document) => document.toJS() as KubernetesObject);
  const selection = Selection.strict().parse({ scope: 'Namespaces', ...parse(text('selection.yaml')) });
  const expected = parse(text('expected.yaml')) as { captured: Record<string, string>; left: Record<string, string> };

  const criteria = readSelection(selection, selection.namespaces);
  const looked = objects.filter((object) => criteria.looksAtType(typeOf(object)));
  const facts = looked.map((object) => factsOf(object, criteria.selectsType(typeOf(object)), criteria));
  const captured: Record<string, unknown> = {};
  const left: Record<string, string> = {};
  for (const object of objects) {
    const name = [object.metadata.namespace, object.metadata.name].filter(Boolean).join('/');
    if (!looked.includes(object)) left[`${object.kind} ${name}`] = 'not looked at';
  }
  const fateOf = chooseObjects(facts, criteria);
  for (const one of facts) {
    const fate = fateOf(one);
    if (fate.capture) captured[describeFacts(one)] = fate.includedBecause ?? 'selected';
    else left[describeFacts(one)] = fate.reason;
  }
  const asked = Object.entries(expected.captured).map(([name, why]) => [
    name,
    why.startsWith('/') ? expect.stringMatching(new RegExp(why.slice(1, -1))) : why,
  ]);
  expect({ captured, left }).toEqual({ captured: Object.fromEntries(asked), left: expected.left });
});
