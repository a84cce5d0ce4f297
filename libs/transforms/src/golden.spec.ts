import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import type { ResourceInfo } from '@godwit/selection/resource-info';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Transform } from './transform.ts';
import { type TransformFacts, transformContext } from './transform-context.ts';
import { TRANSFORMS, transformObject } from './transform-object.ts';

/*
 * testdata/<transform>/<case>/input.yaml     the object as the source's API server gives it
 *                            /expected.yaml  the manifest that goes on; null: it does not
 *                            /findings.yaml  what is reported, in order (only the fields that matter); absent: nothing
 *                            /context.yaml   what differs from CONTEXT: the definition's transforms, `namespaces`, `types`
 *                            /source.yaml    the object before the transforms that come earlier, where it matters
 */
const TESTDATA = new URL('../testdata/', import.meta.url);

/** What a case may say in its context.yaml: what the run knows, and the transforms of the migration's definition. */
interface Settings extends Partial<Omit<TransformFacts, 'types'>> {
  types?: ResourceInfo[];
  [transform: string]: unknown;
}

const CONTEXT = {
  runId: '0198c3a4-run',
  namespaces: { shop: 'shop-dev', billing: 'billing' },
  storageClasses: { gp2: 'premium-rwo', slow: '' },
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
    const settings: Settings = { ...CONTEXT, ...(readIfThere('context.yaml') as Settings | undefined) };
    const { runId = '', namespaces = {}, types = [], ...transforms } = settings;
    const context = transformContext(RestoreTransforms.strict().parse(transforms), { runId, namespaces, types });
    const input = read('input.yaml') as KubernetesObject;

    const outcome = transform(input, context, (readIfThere('source.yaml') as KubernetesObject | undefined) ?? input);

    expect(outcome.object ? unpacked(outcome.object) : null).toStrictEqual(read('expected.yaml'));
    const findings = (readIfThere('findings.yaml') ?? []) as object[];
    expect(outcome.findings).toHaveLength(findings.length);
    expect(outcome.findings).toMatchObject(findings);
  });
});

/** A packed release of Helm's as what it holds: how it is packed depends on the machine. */
function unpacked(object: KubernetesObject): KubernetesObject {
  const data = object.data as { release?: string } | undefined;
  if (!data?.release) return object;
  const text = object.kind === 'Secret' ? Buffer.from(data.release, 'base64').toString('latin1') : data.release;
  if (!text.startsWith('H4sI')) return object;
  return { ...object, data: { ...data, release: JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) } };
}
