import { expect, jest, test } from '@jest/globals';
import { Api, migration } from '../../test/api.ts';
import { EventReader } from '../../test/event-reader.ts';
import { startTestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

test('the service stops though readers listen', async () => {
  const service = await startTestApp(7);
  const api = new Api(service.url);
  const id = await api.idOf(api.post('/migrations', migration('stops', await api.register('stops'))));
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));
  const reader = await EventReader.open(`${service.url}/api/runs/${run}/stream`);
  await reader.until(() => reader.of('run').length > 0);
  const began = Date.now();
  await service.app.close();
  await reader.ended;
  // It would wait for them as long as the run goes on.
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(reader.of('end')).toEqual([]);
  await service.database.drop();
});
