import { expect, test } from '@jest/globals';
import { runTitle } from './run-title.ts';

test('a run is called by its migration and what it is for', () => {
  const title = (kind: 'Migration' | 'Preview' | 'Rollback') => runTitle({ kind, migrationName: 'shop' });
  expect([title('Migration'), title('Preview'), title('Rollback')]).toEqual(['shop', 'Preview of shop', 'Rollback of shop']);
});
