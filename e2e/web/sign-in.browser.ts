import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './support.ts';

test.use({ signedInAs: 'nobody' });

/** Signs in on the pages of the issuer, whose name one is given by the role. */
async function signInAs(page: Page, role: string): Promise<void> {
  await page.getByRole('button', { name: /^Sign in with 127\.0\.0\.1/ }).click();
  await page.locator('[name=login]').fill(role);
  await page.locator('[name=password]').fill('any');
  await page.locator('[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('one signs in with the issuer and is back where one was; tokens are renewed; one signs out', async ({ page, baseURL }) => {
  await page.goto('/clusters');
  await expect(page.getByRole('button', { name: /^Sign in with/ })).toBeVisible();
  await expectAccessible(page);
  await signInAs(page, 'admin');
  await expect(page.getByRole('heading', { level: 1, name: 'Clusters' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'east' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Register a cluster' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign out' })).toHaveAttribute('title', /admin of default/);

  // Each request renews the tokens first, and a renewal whose answer a reload cuts off cannot be made again: the last requests
  // of the page are those for the states.
  await expect(page.getByRole('row').filter({ hasText: 'Unreachable' })).toHaveCount(2);
  const renewed = page.waitForRequest((request) => /grant_type=refresh_token/.test(request.postData() ?? ''));
  await page.reload();
  expect((await (await renewed).response())!.status()).toBe(200);
  await expect(page.getByRole('link', { name: 'east' })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: /^Yes/ }).click();
  await page.waitForURL(`${baseURL}/`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await page.evaluate('Object.keys(sessionStorage).filter((key) => /user|godwit/.test(key))')).toEqual([]);
});

test('the issuer says what one may do', async ({ page }) => {
  await page.goto('/');
  await signInAs(page, 'viewer');
  await expect(page.getByRole('grid', { name: 'Runs' })).toBeVisible();
  await page.getByRole('link', { name: 'Storage' }).click();
  await expect(page.getByRole('heading', { name: 'Storage', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Register storage' })).toHaveCount(0);
});

test('whom the issuer gives no role has nothing, and is told why', async ({ page }) => {
  await page.goto('/');
  await signInAs(page, 'stranger');
  await expect(page.getByText(/the claim "roles" of the token names none of/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
});

test('one who comes back with what the issuer did not give is told so', async ({ page }) => {
  await page.goto('/signed-in?code=invented&state=unknown');
  await expect(page.getByText('Not signed in').first()).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible();
});
