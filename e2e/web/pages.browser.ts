import { PAGES } from './all-pages.ts';
import { expect, expectAccessible, expectNoSideways, test } from './support.ts';

for (const [path, title, content] of PAGES)
  test(`${path} can be used by everyone, on any screen, in both themes`, async ({ page }) => {
    for (const [colorScheme, width] of [
      ['light', 1920],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expect(page.getByRole('main').getByText(content).first()).toBeVisible();
      await expectAccessible(page);
      await expectNoSideways(page);
    }
  });

test.describe('an organisation that has nothing yet', () => {
  test.use({ signedInAs: 'empty' });

  for (const [path, says, leadsTo] of [
    ['/', 'No run yet', 'Go to the migrations'],
    ['/migrations', 'No migration yet', 'Register the source cluster'],
    ['/schedules', 'No schedule yet', 'Go to the migrations'],
    ['/clusters', 'No cluster yet', 'Register a cluster'],
    ['/storage', 'No storage yet', 'Register storage'],
    ['/app-hooks', 'No hook yet', 'Look at the templates'],
    ['/settings?tab=webhooks', 'No webhook yet', 'Add a webhook'],
  ] as const)
    test(`${path} says what it is for, and leads on`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: says })).toBeVisible();
      await expect(page.getByRole('main').getByText(leadsTo)).toBeVisible();
      await expectAccessible(page);
    });
});
