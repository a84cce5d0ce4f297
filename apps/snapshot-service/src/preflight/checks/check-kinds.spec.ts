import { expect, test } from '@jest/globals';
import { buildFacts, discoveryOf, type } from '../testing/build-facts.ts';
import { checkKinds } from './check-kinds.ts';

const certificate = type('certificates', 'cert-manager.io', 'Certificate');
const definition = {
  name: 'certificates.cert-manager.io',
  group: 'cert-manager.io',
  kind: 'Certificate',
  plural: 'certificates',
  scope: 'Namespaced',
  servedVersions: ['v1'],
};
const present = [{ type: certificate, example: 'Certificate shop/web' }];
const served = discoveryOf;

test('a kind whose definition goes along is nothing to tell of', () => {
  expect(checkKinds(buildFacts({ source: { present, definitions: [definition], discovery: served(certificate) } }))).toEqual([]);
});

test('a kind whose definition is excluded, or that an aggregated API serves, is an error', () => {
  const source = { present, discovery: served(certificate) };
  expect(checkKinds(buildFacts({ source }))).toMatchObject([
    {
      severity: 'error',
      reason: 'KindNotServed',
      object: 'Certificate shop/web',
      message: expect.stringContaining('certificates.cert-manager.io'),
    },
  ]);
  const excluded = { selection: { excludeResourceTypes: ['crd'] } };
  expect(checkKinds(buildFacts({ definition: excluded, source: { ...source, definitions: [definition] } }))).toHaveLength(1);
});

test('a kind that both serve, but in no common version, is an error', () => {
  const alpha = { ...certificate, version: 'v1alpha2' };
  const facts = buildFacts({
    source: { present: [{ type: alpha, example: 'Certificate shop/web' }], discovery: served(alpha) },
    destination: { discovery: served(certificate) },
  });
  expect(checkKinds(facts)).toMatchObject([
    { severity: 'error', reason: 'VersionNotServed', message: expect.stringMatching(/v1alpha2.*cert-manager.io\/v1:/) },
  ]);
});

test('a kind of which the source also serves a version of the destination is read in that one', () => {
  const both = [{ ...certificate, version: 'v1beta1' }, certificate];
  const facts = buildFacts({
    source: { present: [{ type: both[0]!, example: 'Certificate shop/web' }], discovery: served(...both) },
    destination: { discovery: served(certificate) },
  });
  expect(checkKinds(facts)).toEqual([]);
});
