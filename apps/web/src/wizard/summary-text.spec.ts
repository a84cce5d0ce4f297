import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { summaryText } from './summary-text.ts';

const [east, west, hook] = ['1', '2', '3'].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [string, string, string];
const nameOf = (id: string) => (id === east ? 'east' : 'west');
const define = (more: object) =>
  MigrationDefinition.parse({
    name: 'm',
    sourceClusterId: east,
    destination: { type: 'Registered', clusterId: west },
    onFailure: { holdMinutes: 0 },
    ...more,
  });

test('a plain migration reads as a sentence', () => {
  expect(summaryText(define({}), nameOf)).toEqual([
    'Moves the full cluster, from east to west.',
    'What is there already is left as it is.',
    'Data moves in 2 streams.',
  ]);
});

test('all that was chosen is told', () => {
  const definition = define({
    selection: { scope: 'Namespaces', namespaces: ['shop'] },
    transforms: {
      renameNamespaces: { suffix: '-dev', map: { shop: 'store' } },
      storageClasses: { fast: '' },
      overwriteExisting: true,
      preserveNodePorts: true,
      replicas: [{ replicas: 1 }],
    },
    copy: { concurrentStreams: 1, maxSpeedPerStreamMBps: 5, excludeUnattachedPvcs: true },
    hooks: { sourcePre: [{ hookId: hook }] },
    onFailure: { holdMinutes: 30 },
  });
  expect(summaryText(definition, nameOf).join(' ')).toBe(
    'Moves namespace shop, from east to west. Namespaces: get the suffix -dev and shop becomes store. ' +
      'Storage classes: fast becomes the default class. What is there already is overwritten. Node ports are preserved. ' +
      '1 rule of your own changes objects on the way. Data moves in 1 stream of at most 5 MB per second each. ' +
      'Claims that no pod uses stay. 1 hook runs in the pods. A run that fails can be retried for 30 minutes.',
  );
});
