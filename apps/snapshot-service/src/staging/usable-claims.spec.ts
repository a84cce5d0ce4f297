import { expect, test } from '@jest/globals';
import { usableClaims } from './usable-claims.ts';

const claim = (name: string, phase?: string, deletionTimestamp?: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, uid: `uid of ${name}`, ...(deletionTimestamp ? { deletionTimestamp } : {}) },
  ...(phase ? { status: { phase } } : {}),
});

test('a staged claim counts until it is being deleted or has lost its volume', () => {
  const claims = [
    claim('bound', 'Bound'),
    claim('new'),
    claim('pending', 'Pending'),
    claim('lost', 'Lost'),
    claim('going', 'Bound', '2026-01-01T00:00:00Z'),
  ];
  expect([...usableClaims(claims)]).toEqual(['bound', 'new', 'pending'].map((name) => [name, `uid of ${name}`]));
});
