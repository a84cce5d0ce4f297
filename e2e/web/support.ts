import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test';
import type { WebKeys } from './seed/seed-web.ts';

export { expect } from '@playwright/test';

export const KEYS = JSON.parse(process.env.GODWIT_WEB_KEYS ?? '{}') as WebKeys;

interface Options {
  /** Whose key the tab has. */
  signedInAs: keyof WebKeys | 'nobody';
  /** Messages of the browser that the test brings about itself. */
  expectedMessages: RegExp[];
}

/** A page that is signed in, and fails its test by what the browser has to complain of: exceptions, and what the policy forbids. */
export const test = base.extend<Options>({
  signedInAs: ['main', { option: true }],
  expectedMessages: [[], { option: true }],
  page: async ({ page, signedInAs, expectedMessages }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // Answers that say no are told there too; what the page makes of them is what tests look at.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    if (signedInAs !== 'nobody') {
      const key = KEYS[signedInAs];
      await page.addInitScript(`sessionStorage.setItem('godwit-api-key', '${key}')`);
    }
    await use(page);
    expect(complaints.filter((text) => !expectedMessages.some((expected) => expected.test(text)))).toEqual([]);
  },
});

/** Fails if axe finds anything serious on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    grave.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => `${html.slice(0, 300)}: ${failureSummary}`)]),
  ).toEqual([]);
}

/** Fails if the page is wider than the window, so that one would have to scroll sideways. */
export async function expectNoSideways(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(
    0,
  );
}

/** Takes an action of the menu of a row that is called by its thing. */
export async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Types the name of what is deleted into the window that asks for it. */
export async function confirmDelete(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await expectAccessible(page);
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog).toBeHidden();
}

/** @returns the id of the migration of the seed; others of the same beginning are made by tests */
export async function seededMigration(request: APIRequestContext): Promise<string> {
  const options = { headers: { authorization: `Bearer ${KEYS.main}` } };
  const { items } = await (await request.get('/api/migrations?name=shop to west', options)).json();
  return items.find((migration: { name: string }) => migration.name === 'shop to west').id;
}

/** Makes a migration like that of the seed, which a test can then run without being in the way of others. */
export async function cloneMigration(page: Page, name: string): Promise<void> {
  const options = { headers: { authorization: `Bearer ${KEYS.main}` } };
  const id = await seededMigration(page.request);
  const answer = await page.request.post(`/api/migrations/${id}/clone`, { ...options, data: { name } });
  expect([201, 409]).toContain(answer.status()); // or it is there from a try before
}

/** Goes to a step of the wizard. */
export async function goTo(page: Page, step: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Steps of the definition' }).getByRole('button', { name: step }).click();
}

/** @returns the definition of a migration of the organisation with cloud accounts, as it is saved */
export async function definitionOf(request: APIRequestContext, name: string) {
  const options = { headers: { authorization: `Bearer ${KEYS.clouds}` } };
  const { items } = await (await request.get('/api/migrations', options)).json();
  return items.find((migration: { name: string }) => migration.name === name).definition;
}
