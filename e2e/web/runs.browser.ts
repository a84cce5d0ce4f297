import { expect, expectAccessible, expectNoSideways, KEYS, test } from './support.ts';

test.describe('nobody is signed in', () => {
  test.use({ signedInAs: 'nobody' });

  test('a key is asked for, a wrong one is refused, a right one lasts over a reload until one signs out', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('API key').fill('godwit_wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByText('the key is not valid')).toBeVisible();
    await page.getByLabel('API key').fill(KEYS.main);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('grid', { name: 'Runs' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('grid', { name: 'Runs' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  });
});

for (const theme of ['light', 'dark'] as const)
  for (const width of [360, 1280])
    test(`a run is found and shown, ${theme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/');
      await expectAccessible(page);
      await expectNoSideways(page);
      await page.getByRole('link', { name: 'shop to west' }).first().click();
      await expect(page.getByRole('heading', { level: 1, name: 'shop to west' })).toBeVisible();
      await expect(page.getByText('could not be changed: its field data.mode is immutable')).toBeVisible();
      const log = page.getByRole('list', { name: 'Lines of the log' });
      await expect(log).toContainText('settings-40');
      await expect(page.getByRole('img', { name: /MiB per second/ })).toBeVisible();
      await page.getByRole('textbox', { name: 'Find in the log' }).fill('SETTINGS-7');
      await expect(log.getByRole('listitem')).toHaveCount(1);
      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download' }).click();
      expect((await file).suggestedFilename()).toMatch(/^run-.*\.log$/);
      const report = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Report' }).click();
      expect((await report).suggestedFilename()).toMatch(/^run-.*\.html$/);
      await expectAccessible(page);
      await expectNoSideways(page);
    });
