import { FatalError } from '@godwit/contracts/errors';
import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { transformContext } from './transform-context.ts';
import { transformObject } from './transform-object.ts';

const context = transformContext(RestoreTransforms.parse({}), { runId: 'run', namespaces: { shop: 'new' }, types: [] });

test('names the object that has not the shape of its kind', () => {
  const broken = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'import', namespace: 'shop' } };
  const transform = () => transformObject(broken, context);
  expect(transform).toThrow(FatalError);
  expect(transform).toThrow('Job shop/import');
});

test('findings name the object as the source knows it, also after it was renamed', () => {
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 's', namespace: 'shop' },
    data: { url: 'http://a.shop.svc' },
  };
  const { object, findings } = transformObject(settings, context);
  expect(object?.metadata.namespace).toBe('new');
  expect(findings).toMatchObject([{ reason: 'NamespaceInText', object: 'ConfigMap shop/s' }]);
});
