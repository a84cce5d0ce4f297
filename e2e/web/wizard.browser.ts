import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoSideways, KEYS, seededMigration, test } from './support.ts';

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();
const goTo = (page: Page, step: string) =>
  page.getByRole('navigation', { name: 'Steps of the definition' }).getByRole('button', { name: step }).click();

test('a migration is defined step by step, keeps what was filled in over a reload, is run, and says why it does not get on', async ({
  page,
}) => {
  test.slow();
  await page.goto('/migrations');
  await page.getByRole('link', { name: 'Define a migration' }).click();
  await expect(page.getByRole('radio', { name: /east/ })).toBeVisible();
  await next(page);
  await expect(page.getByText('Fill this in.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('radio', { name: /east/ }).check();
  await next(page);

  await page.getByRole('radio', { name: 'Select namespaces' }).check();
  await next(page);
  await expect(page.getByText(/names no namespace/i)).toBeVisible();
  await page.getByLabel('Namespaces', { exact: true }).fill('Shop!');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/neither a namespace name nor a glob/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove Shop!' }).click();
  await page.getByLabel('Namespaces', { exact: true }).fill('shop');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Advanced options' }).click();
  await page.getByRole('textbox', { name: 'Labels' }).fill('app');
  await expect(page.getByText(/has no ":"/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Labels' }).fill('app:shop tier:web,api');
  await page.getByLabel('Concurrent streams').fill('17');
  await expect(page.getByText(/<=16/)).toBeVisible();
  await page.getByLabel('Concurrent streams').fill('4');
  await page.getByLabel('Destination storage for copy').selectOption({ label: 'archive' });
  await expectAccessible(page);
  await expectNoSideways(page);
  await next(page);

  await expect(page.getByRole('radio', { name: /east/ })).toHaveCount(0);
  await page.getByRole('radio', { name: /west/ }).check();
  await next(page);
  await page.getByLabel('Suffix of namespaces').fill('-dev');
  await page.getByLabel('Overwrite existing resources').check();
  await page.getByRole('button', { name: 'More transforms' }).click();
  await page.getByRole('button', { name: 'Add a rule for replicas' }).click();
  await page.getByLabel('Replicas on the destination').fill('-1');
  await expect(page.getByText('At least 0.')).toBeVisible();
  await page.getByLabel('Replicas on the destination').fill('1');
  await expectAccessible(page);
  // Hooks are no step where none is saved.
  await next(page);

  await expect(page.getByLabel('Migration name')).toBeVisible();
  await page.reload();
  await expect(page.getByText('This is what you had filled in before')).toBeVisible();
  await goTo(page, 'Selections');
  await expect(page.getByRole('radio', { name: 'Select namespaces' })).toBeChecked();
  await goTo(page, 'Summary');
  await page.getByRole('button', { name: 'Save & Run' }).click();
  await expect(page.getByText('Fill this in.').first()).toBeVisible();
  await page.getByLabel('Migration name').fill('shop to west'); // is taken
  await expect(page.getByText(/Moves namespace shop, labelled app:shop tier:web,api, from east to west\./)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save & Run' }).click();
  await expect(page.locator('#field-name-help')).toContainText('is the name of a migration already');
  await page.getByLabel('Migration name').fill('shop for developers');
  await page.getByRole('button', { name: 'Save & Run' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'shop for developers' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The run failed' })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(/What to do: Nothing listens there/)).toBeVisible();
  await expectAccessible(page);

  await page.goto('/migrations/new');
  await expect(page.getByRole('radio', { name: /east/ })).not.toBeChecked(); // the draft went with the saving
});

test('a cluster leads to the selections of a migration from it; another migration is cloned and edited', async ({ page }) => {
  await page.goto('/clusters');
  await page.getByRole('link', { name: 'east' }).click();
  await page.getByLabel('Preferred storage').selectOption({ label: 'archive' });
  await expect(page.getByLabel('Preferred storage')).toBeEnabled();
  await page.getByRole('link', { name: 'Migrate from here' }).click();
  await expect(page.getByRole('radio', { name: 'Full cluster' })).toBeVisible();
  await goTo(page, 'Cluster');
  await expect(page.getByRole('radio', { name: /east/ })).toBeChecked();

  await page.goto('/migrations');
  await page.getByRole('button', { name: 'Actions for shop to west' }).click();
  await page.getByRole('menuitem', { name: 'Clone' }).click();
  await expect(page.getByLabel('Migration name')).toHaveValue('shop to west copy');
  await page.getByLabel('Run now').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: 'shop to west copy' }).click();
  await page.getByRole('radio', { name: 'Full cluster' }).check();
  await goTo(page, 'Summary');
  await page.getByLabel('Run now').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const row = page.getByRole('row', { name: /shop to west copy/ });
  await expect(row).toContainText('the full cluster');
  await page.getByRole('button', { name: 'Actions for shop to west copy' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByLabel('Type shop to west copy to confirm').fill('shop to west copy');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
});

test('what somebody else has changed meanwhile is not overwritten unless one says so, and nothing that was filled in is lost', async ({
  page,
  request,
}) => {
  const headers = { authorization: `Bearer ${KEYS.main}` };
  const { items } = await (await request.get('/api/migrations', { headers })).json();
  const { definition } = items.find(({ name }: { name: string }) => name === 'shop to west');
  const name = 'shop for two';
  const created = await (await request.post('/api/migrations', { headers, data: { ...definition, name } })).json();
  const changeMeanwhile = (concurrentStreams: number) =>
    request.put(`/api/migrations/${created.id}`, {
      headers,
      data: { ...definition, name, copy: { ...definition.copy, concurrentStreams } },
    });
  const save = async () => {
    await goTo(page, 'Summary');
    await page.getByLabel('Run now').uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
  };
  await page.goto(`/migrations/${created.id}/edit`);
  await page.getByRole('radio', { name: 'Full cluster' }).check();
  await changeMeanwhile(5);
  await save();
  await expect(page.getByText('The migration was changed by somebody else since it was read')).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByText(/Moves the full cluster.*in 2 streams/)).toBeVisible();
  // A draft is of the version that it was begun with.
  await page.reload();
  await save();
  await page.getByRole('button', { name: 'Load what is there now' }).click();
  await expect(page.getByText(/Moves namespace shop.*in 5 streams/)).toBeVisible();
  await goTo(page, 'Selections');
  await page.getByRole('radio', { name: 'Full cluster' }).check();
  await changeMeanwhile(6);
  await save();
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(page.getByRole('row', { name: /shop for two/ })).toContainText('the full cluster');
  await request.delete(`/api/migrations/${created.id}`, { headers });
});

test('a migration that is saved, and whose run is refused, says so beside nothing else, and once', async ({ page, request }) => {
  const headers = { authorization: `Bearer ${KEYS.main}` };
  const name = 'shop that does not start';
  await page.route('**/api/migrations/*/runs', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      json: { type: 'about:blank', status: 409, title: 'no run is started now' },
    }),
  );
  await page.goto(`/migrations/new?clone=${await seededMigration(request)}`);
  await page.getByLabel('Migration name').fill(name);
  await page.getByRole('button', { name: 'Save & Run' }).click();
  const refusal = page.getByText('Saved, but not started: no run is started now');
  await expect(refusal).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText(/Not saved/)).toHaveCount(0);
  await expect(page.getByLabel('Migration name')).toHaveValue(name); // it is run again from here
  await expectAccessible(page);

  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Full cluster' })).toBeVisible();
  await expect(refusal).toHaveCount(0);
  await page.goto('/migrations');
  await page.goBack();
  await expect(page.getByRole('radio', { name: 'Full cluster' })).toBeVisible();
  await expect(refusal).toHaveCount(0);
  await request.delete(page.url().replace(/(\/migrations\/[^/]+)\/edit$/, '/api$1'), { headers });
});
