import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PAGES } from './all-pages.ts';
import { runOf } from './runs-of-states.ts';
import { expect, goTo, test } from './support.ts';

const FOLDER = join(import.meta.dirname, '../../.godwit/screenshots');
const WIDTHS = [360, 1280, 1920];
/** More than a window has, so that most of a page is on its picture. */
const HEIGHT = 1_400;

/** Takes a picture of the page that is open, in each width and theme. */
async function take(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      await expect(page.locator('.pf-v6-c-skeleton')).toHaveCount(0);
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), animations: 'disabled' });
    }
  }
}

for (const [path, title, content] of PAGES)
  test(`pictures of ${path}`, async ({ page }) => {
    test.slow();
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.getByRole('main').getByText(content).first()).toBeVisible();
    await take(page, path.replaceAll(/\W+/g, '-').replace(/^-|-$/g, '') || 'runs');
  });

for (const [path, link, name] of [
  ['/', 'shop to west', 'run'],
  ['/clusters', 'east', 'cluster'],
] as const)
  test(`pictures of a ${name}`, async ({ page }) => {
    test.slow();
    await page.goto(path);
    await page.getByRole('main').getByRole('link', { name: link }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: link })).toBeVisible();
    await take(page, name);
  });

test.describe('nothing is there yet', () => {
  test.use({ signedInAs: 'empty' });

  for (const path of ['/', '/migrations', '/schedules', '/clusters'])
    test(`pictures of ${path}`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: /^No .* yet$/ })).toBeVisible();
      await take(page, `empty-${path.slice(1) || 'runs'}`);
    });
});

test('pictures of the form of a schedule', async ({ page }) => {
  await page.goto('/schedules');
  await page.getByRole('button', { name: 'Schedule a migration' }).click();
  await expect(page.getByRole('list', { name: 'Next times' })).toBeVisible();
  await take(page, 'schedule-form');
});

test.describe('clouds', () => {
  test.use({ signedInAs: 'clouds' });

  test('pictures of the steps of the wizard', async ({ page }) => {
    test.slow();
    await page.goto('/migrations/new');
    await page.getByRole('radio', { name: /east/ }).check();
    await goTo(page, 'Selections');
    await page.getByRole('radio', { name: 'Select namespaces' }).check();
    await page.getByRole('button', { name: 'Advanced options' }).click();
    await take(page, 'wizard-selections');
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await goTo(page, 'Destination');
    await page.getByRole('radio', { name: 'A new GKE cluster' }).check();
    await page.getByLabel('Region or zone').selectOption('europe-west1');
    await expect(page.getByText('What was open below is filled in like the source cluster')).toBeVisible();
    await take(page, 'wizard-destination');
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    for (const [step, button] of [['Restore Transforms', 'More transforms'], ['Summary']] as const) {
      await goTo(page, step);
      if (button) await page.getByRole('button', { name: button }).click();
      await take(page, `wizard-${step.toLowerCase().replace(' ', '-')}`);
      await page.setViewportSize({ width: 1280, height: HEIGHT });
    }
  });
});

test.describe('runs in all states', () => {
  test.use({ signedInAs: 'states' });

  for (const name of ['to pause', 'to retry', 'creating', 'not applied', 'to cut over'])
    test(`pictures of a run ${name}`, async ({ page, request }) => {
      test.slow();
      await page.goto(`/runs/${(await runOf(request, name)).id}`);
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
      await take(page, `run-${name.replaceAll(' ', '-')}`);
    });
});
