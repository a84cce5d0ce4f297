import type { RunEventView } from '@godwit/contracts/api';
import { LineToApi } from './line-to-api.ts';
import { runOf } from './runs-of-states.ts';
import { expect, expectAccessible, KEYS, test } from './support.ts';

test.use({ signedInAs: 'states' });

const headers = { authorization: `Bearer ${KEYS.states}` };

test('a connection that is lost is told; what happened meanwhile is there afterwards, each line once', async ({
  page,
  request,
  baseURL,
}) => {
  const line = new LineToApi(baseURL!);
  await line.start();
  const { id } = await runOf(request, 'to follow');
  const lost = page.getByText('The connection to Godwit is lost: reconnecting');
  const shown = page.getByRole('list', { name: 'Lines of the log' }).getByRole('listitem');
  const ask = (what: string) => request.post(`/api/runs/${id}/${what}`, { headers });

  await page.clock.install();
  await page.goto(`${line.url}/runs/${id}`);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  for (const [cut, mend] of [
    [() => page.context().setOffline(true), () => page.context().setOffline(false)],
    [() => line.cut(), () => line.start()],
  ]) {
    await ask('pause');
    await expect(page.getByRole('heading', { name: 'The run is paused' })).toBeVisible();
    await cut!();
    await expect(lost).toBeVisible();
    await expectAccessible(page);
    await ask('resume');
    await mend!();
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect(lost).toHaveCount(0);
    const { items } = await (await request.get(`/api/runs/${id}/events`, { headers, params: { limit: '500' } })).json();
    await expect(shown).toHaveCount(items.length);
    const messages = await shown.locator('span:last-child').allTextContents();
    expect(messages).toEqual(items.map(({ message }: RunEventView) => expect.stringContaining(message)));
  }

  await ask('pause');
  await expect(page.getByRole('heading', { name: 'The run is paused' })).toBeVisible();
  line.hush();
  await ask('resume');
  // The browser may try again by a connection that is open still and as silent: that is given up like the first.
  await expect(async () => {
    await page.clock.fastForward(60_000);
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await line.cut();
});
