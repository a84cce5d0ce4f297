import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { StagedVolume } from '@godwit/db/staged-volume-store';
import { expect, test } from '@jest/globals';
import { planStaging, type StagingPlace } from './plan-staging.ts';

const STORAGE = { type: 'ObjectStore', objectStoreId: 'a-store' } as const;
const ARCHIVE = { storage: STORAGE, runId: 'run-1', volumeId: 'volume-1' };

const source = (more: Partial<VolumeSource> = {}) => ({
  source: {
    claimUid: 'source-uid',
    targetStorageClassName: 'fast',
    volumeMode: 'Filesystem',
    accessModes: ['ReadWriteOnce'],
    requestedStorage: '1Gi',
    ...more,
  } as VolumeSource,
});
const earlier = (more: Partial<StagedVolume> = {}): StagedVolume => ({
  id: 'staged',
  organisationId: 'organisation',
  migrationId: 'migration',
  namespace: 'shop',
  name: 'data',
  sourceClusterId: 'source',
  sourceClaimUid: 'source-uid',
  destClusterId: 'destination',
  storageClassName: 'fast',
  volumeMode: 'Filesystem',
  accessModes: ['ReadWriteOnce'],
  requestedStorage: '1Gi',
  claimName: 'staged-1',
  claimUid: 'claim-uid',
  digest: 'abc',
  storage: STORAGE,
  archive: ARCHIVE,
  stages: 1,
  bytes: 1,
  storedBytes: 1,
  isDelta: false,
  ...more,
});
const place = (more: Partial<StagingPlace> = {}): StagingPlace => ({
  sourceClusterId: 'source',
  destinationClusterId: 'destination',
  storage: STORAGE,
  claims: new Map([['staged-1', 'claim-uid']]),
  newName: () => 'staged-2',
  ...more,
});

test('the first stage makes a claim and copies all', () => {
  expect(planStaging(source(), undefined, place())).toEqual({ staging: { claimName: 'staged-2' } });
});

test('a later stage goes on from the state that the volume has', () => {
  expect(planStaging(source(), earlier(), place())).toEqual({
    staging: { claimName: 'staged-1', last: ARCHIVE, base: 'abc' },
  });
});

test.each<[string, StagedVolume, Parameters<typeof source>[0], Partial<StagingPlace>]>([
  ['a stage that was cut off in its restore', earlier({ digest: undefined }), {}, {}],
  ['a claim that was made anew on the source', earlier(), { claimUid: 'other' }, {}],
  ['another source cluster', earlier(), {}, { sourceClusterId: 'other' }],
  ['another store', earlier(), {}, { storage: { type: 'ObjectStore', objectStoreId: 'other' } }],
])('%s: all is copied into the volume that is there', (_name, row, change, where) => {
  const { staging, whyAnew } = planStaging(source(change), row, place(where));
  expect(staging).toEqual({ claimName: 'staged-1', last: ARCHIVE });
  expect(whyAnew).toMatch(/^all of it is copied: /);
});

test.each<[string, StagedVolume, Parameters<typeof source>[0], Partial<StagingPlace>]>([
  ['another destination', earlier(), {}, { destinationClusterId: 'other' }],
  ['another storage class', earlier(), { targetStorageClassName: 'slow' }, {}],
  ['other access modes', earlier(), { accessModes: ['ReadWriteMany'] }, {}],
  ['a claim that has grown', earlier(), { requestedStorage: '2Gi' }, {}],
  ['a staged claim that was deleted', earlier(), {}, { claims: new Map() }],
  ['a staged claim that is another one now', earlier(), {}, { claims: new Map([['staged-1', 'other-uid']]) }],
])('%s: the volume is made anew, and the one before goes', (_name, row, change, where) => {
  const { staging, whyAnew } = planStaging(source(change), row, place(where));
  expect(staging).toEqual({
    claimName: 'staged-2',
    last: ARCHIVE,
    replaces: { clusterId: 'destination', claimName: 'staged-1' },
  });
  expect(whyAnew).toMatch(/^its volume is made anew: /);
});

test('a claim that has become smaller keeps its larger volume', () => {
  expect(planStaging(source({ requestedStorage: '500Mi' }), earlier(), place()).staging.base).toBe('abc');
});
