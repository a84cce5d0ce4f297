import { toDiscovery } from '@godwit/kube/discovery';
import { SECRET } from '@godwit/kube/resource-type';
import { expect, test } from '@jest/globals';
import { silentApis } from './silent-apis.ts';

const find = (resourceTypes: string[], excludeResourceTypes: string[] = []) =>
  silentApis(
    toDiscovery(
      [{ ...SECRET, group: 'known.example', shortNames: [], verbs: ['list'] }],
      ['known.example/v1', 'down.example/v1', 'metrics.k8s.io/v1beta1'],
    ),
    { resourceTypes, excludeResourceTypes },
    'source',
  );

test('an API of which no kinds are known since its backend is gone is a warning, one for each version', () => {
  expect(find([])).toMatchObject([
    { severity: 'warning', reason: 'ApiUnavailable', cluster: 'source', object: 'APIService v1.down.example' },
  ]);
  for (const entry of ['secrets', 'known.example', '*']) expect(find([entry])[0]?.severity).toBe('warning');
});

test.each(['down.example', 'things.down.example', 'Thing.Down.example', '*.down.example', '*.example'])(
  'it is an error where the selection asks for its group by %s',
  (entry) => {
    expect(find([entry])).toMatchObject([{ severity: 'error' }]);
  },
);

test('it is nothing to tell of where all of its group is excluded, but is where one kind is', () => {
  for (const entry of ['down.example', '*.down.example']) expect(find([], [entry])).toEqual([]);
  expect(find([], ['things.down.example'])).toHaveLength(1);
});
