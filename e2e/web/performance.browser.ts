import { gzipSync } from 'node:zlib';
import { expect, test } from './support.ts';

test.use({ signedInAs: 'large' });

/** Of JavaScript on the entry route, compressed. */
const BUDGET_BYTES = 300_000;
/** As many as the list asks for. */
const LISTED = 500;

test('the entry route loads little, does not shift, and of a long list only what is seen is there', async ({ page }) => {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.addInitScript(`
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  `);
  await page.goto('/');
  const table = page.getByRole('grid', { name: 'Runs' });
  await expect(table).toBeVisible();
  const loaded = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  expect(loaded).toBeGreaterThan(50_000);
  expect(loaded).toBeLessThan(BUDGET_BYTES);
  expect(await page.evaluate('window.shift')).toBeLessThan(0.1);

  const rows = table.getByRole('row').filter({ has: page.getByRole('link') });
  await expect(table).toHaveAttribute('aria-rowcount', String(LISTED + 1));
  expect(await rows.count()).toBeLessThan(80);
  await rows.first().hover();
  for (let turn = 0; turn < 40 && !(await table.locator(`[aria-rowindex="${LISTED + 1}"]`).isVisible()); turn++) {
    await page.mouse.wheel(0, 1500);
    await page.waitForTimeout(50);
  }
  await expect(table.locator(`[aria-rowindex="${LISTED + 1}"]`)).toBeVisible();
  expect(await rows.count()).toBeLessThan(80);
});
