import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
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
