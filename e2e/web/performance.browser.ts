import type { Page } from '@playwright/test';
import { MANY_RUNS } from './seed/seed-web.ts';
import { expect, test } from './support.ts';

test.use({ signedInAs: 'large' });

/** Of JavaScript on the entry route, compressed. */
const BUDGET_BYTES = 300_000;

/** Adds up in `window.shift` how much of what is seen jumps without being asked to. */
function countShift(page: Page): Promise<unknown> {
  return page.addInitScript(`
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  `);
}

test('the entry route loads little, does not shift, and a long list goes to its end and only what is seen of it is there', async ({
  page,
}) => {
  const assets: Promise<{ isScript: boolean; bytes: number; encoding: string | undefined }>[] = [];
  page.on('response', (response) => {
    const request = response.request();
    const type = request.resourceType();
    if (type !== 'script' && type !== 'stylesheet') return;
    const told = async () => ({
      isScript: type === 'script',
      bytes: (await request.sizes()).responseBodySize,
      encoding: response.headers()['content-encoding'],
    });
    assets.push(told());
  });
  await countShift(page);
  await page.goto('/');
  const table = page.getByRole('grid', { name: 'Runs' });
  await expect(table).toBeVisible();
  const all = await Promise.all(assets);
  expect(all.filter(({ bytes, encoding }) => bytes >= 2_000 && encoding !== 'br')).toEqual([]);
  const loaded = all.filter(({ isScript }) => isScript).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(loaded).toBeGreaterThan(50_000);
  expect(loaded).toBeLessThan(BUDGET_BYTES);
  expect(await page.evaluate('window.shift')).toBeLessThan(0.1);

  const rows = table.getByRole('row').filter({ has: page.getByRole('link') });
  await expect(table).toHaveAttribute('aria-rowcount', '-1'); // there are more than were read
  expect(await rows.count()).toBeLessThan(80);
  await rows.first().hover();
  await expect(async () => {
    await page.mouse.wheel(0, 100_000);
    await expect(table.locator(`[aria-rowindex="${MANY_RUNS + 1}"]`)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 40_000 });
  await expect(table).toHaveAttribute('aria-rowcount', String(MANY_RUNS + 1));
  expect(await rows.count()).toBeLessThan(80);
});

test('the page of a run with hundreds of volumes and thousands of objects does not shift, and holds only some of them', async ({
  page,
}) => {
  await countShift(page);
  await page.goto('/');
  await page.getByRole('link', { name: 'shop to west' }).first().click();
  await expect(page.getByRole('heading', { name: 'Volumes (200)' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Lines of the log' })).toContainText('settings-2000');
  expect(await page.evaluate('window.shift')).toBeLessThan(0.1);
  expect(await page.getByRole('grid', { name: 'Volumes' }).getByRole('row').count()).toBeLessThan(30);
  await page.getByRole('button', { name: 'Created 1999' }).click();
  const objects = page.getByRole('grid', { name: 'Objects: Created' });
  await expect(objects).toBeVisible();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(objects.getByRole('row')).toHaveCount(201);
});
