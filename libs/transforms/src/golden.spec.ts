import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Transform, TransformContext } from './transform.ts';
import { TRANSFORMS, transformObject } from './transform-object.ts';

/*
 * testdata/<transform>/<case>/input.yaml     the object as the source's API server gives it
 *                            /expected.yaml  the manifest that goes on; null: it does not
 *                            /findings.yaml  what is reported, in order (only the fields that matter); absent: nothing
 *                            /context.yaml   what differs from CONTEXT
 */
const TESTDATA = new URL('../testdata/', import.meta.url);

const CONTEXT = {
  runId: '0198c3a4-run',
  namespaces: { shop: 'shop-dev', billing: 'billing' },
  storageClasses: { gp2: 'premium-rwo', slow: '' },
  preserveNodePorts: false,
  knownFinalizers: [] as string[],
};

const subjects: { name: string; transform: Transform }[] = [
  ...TRANSFORMS,
  { name: 'transform-object', transform: transformObject },
];

test('every transform has golden cases, and no cases are left without a transform', () => {
  expect(readdirSync(TESTDATA).sort()).toEqual(subjects.map(({ name }) => name).sort());
});

describe.each(subjects)('$name', ({ name, transform }) => {
  const folder = new URL(`${name}/`, TESTDATA);
  test.each(existsSync(folder) ? readdirSync(folder) : [])('%s', (testCase) => {
    const read = (file: string): unknown => parse(readFileSync(new URL(`${testCase}/${file}`, folder), 'utf8'));
    const readIfThere = (file: string) => (existsSync(new URL(`${testCase}/${file}`, folder)) ? read(file) : undefined);
    const settings = { ...CONTEXT, ...(readIfThere('context.yaml') as Partial<typeof CONTEXT> | undefined) };
    const context: TransformContext = { ...settings, knownFinalizers: new Set(settings.knownFinalizers) };

    const outcome = transform(read('input.yaml') as KubernetesObject, context);

    expect(outcome.object ?? null).toStrictEqual(read('expected.yaml'));
    const findings = (readIfThere('findings.yaml') ?? []) as object[];
    expect(outcome.findings).toHaveLength(findings.length);
    expect(outcome.findings).toMatchObject(findings);
  });
});
