import { expect, test } from '@jest/globals';
import { buildFacts } from '../testing/build-facts.ts';
import { checkVersions } from './check-versions.ts';

const versions = (from: string, to: string) =>
  checkVersions(
    buildFacts({
      source: { status: { state: 'Active', version: from } },
      destination: { status: { state: 'Active', version: to } },
    }),
  );

test.each([
  ['v1.34.2', 'v1.34.1'],
  ['v1.31.0', 'v1.34.1'],
  ['v1.33.5-eks-c39b1d0', 'v1.34.1-gke.2037001'],
  ['built from source', 'v1.34.1'],
])('%s to %s is nothing to tell of', (from, to) => {
  expect(versions(from, to)).toEqual([]);
});

test('an older destination may miss what is used', () => {
  expect(versions('v1.34.2', 'v1.33.9')).toMatchObject([{ severity: 'warning', reason: 'DestinationOlder', cluster: 'to' }]);
});

test('versions far apart are a warning, versions that we do not serve an error', () => {
  expect(versions('v1.28.0', 'v1.34.1')).toMatchObject([{ severity: 'warning', reason: 'VersionSkew' }]);
  expect(versions('v1.26.15', 'v1.28.1')).toMatchObject([
    { severity: 'error', reason: 'VersionUnsupported', cluster: 'from', cure: expect.stringContaining('1.27') },
  ]);
});
