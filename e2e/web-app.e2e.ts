import type { MigrationView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Browser, chromium, type Page, expect as pageExpect } from '@playwright/test';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(400_000);

const NAMESPACES = ['e2e-web', 'e2e-web-dev'];
/** A run takes as long as the machine makes it. */
const RUN = { timeout: 180_000 };
/** What pages show is asked of the clusters. */
const seen = pageExpect.configure({ timeout: 30_000 });

let harness: Harness;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  harness = await Harness.start({ name: 'web-app', givenNamespace: true });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(...NAMESPACES)));
  const shop = deployment('e2e-web', 'shop', ['data']);
  await harness.source.apply(namespace('e2e-web'), claim('e2e-web', 'data'), {
    ...shop,
    metadata: { ...shop.metadata, labels: { app: 'shop' } },
  });
  await harness.source.ready('e2e-web', 'deployment/shop');
  await harness.source.exec('e2e-web', 'deploy/shop', 'echo from the browser >/data/id');
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage({ baseURL: harness.stack.apiUrl });
});

afterAll(async () => {
  await browser?.close();
  if (!harness) return;
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(...NAMESPACES)));
  await harness.stop();
});

const next = () => page.getByRole('button', { name: 'Next' }).click();

test('a migration is defined from what the clusters offer, previewed, run and watched to its end', async () => {
  await page.goto(`/clusters/${harness.sourceClusterId}`);
  await seen(page.getByRole('region', { name: 'Storage classes' })).toContainText('standard');
  await page.getByRole('link', { name: 'Migrate from here' }).click();

  await page.getByRole('radio', { name: 'Select namespaces' }).check();
  await page.getByRole('textbox', { name: 'Find in Namespaces' }).fill('e2e-web');
  await seen(page.getByText(/1 pod, 1 volume of 64 MiB/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'e2e-web' }).check();
  await page.getByRole('button', { name: 'Advanced options' }).click();
  await page.getByLabel('Destination storage for copy').selectOption({ label: 'store' });
  await page.getByRole('button', { name: /^app:shop \(\d+\)$/ }).click();
  await seen(page.getByText(/app:shop on \d+ objects/)).toBeVisible();
  await next();
  await page.getByRole('radio', { name: /dest/ }).check();
  await next();
  await page.getByLabel('Suffix of namespaces').fill('-dev');
  await seen(page.getByLabel('standard', { exact: true })).toBeVisible();
  await next();

  await page.getByLabel('Migration name').fill('from the browser');
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await seen(preview).toContainText('Nothing was touched.', RUN);
  await seen(preview).toContainText('1 volumes of 64 MiB');
  await page.getByRole('button', { name: 'Save & Run' }).click();

  await seen(page.getByRole('heading', { level: 1, name: 'from the browser' })).toBeVisible();
  await seen(page.getByText('Succeeded', { exact: true })).toBeVisible(RUN);
  await seen(page.getByRole('progressbar', { name: 'Restore of e2e-web/data' })).toHaveAttribute('aria-valuenow', '100');
  await harness.dest.ready('e2e-web-dev', 'deployment/shop');
  expect(await harness.dest.exec('e2e-web-dev', 'deploy/shop', 'cat /data/id')).toBe('from the browser\n');
  expect(await harness.leftovers(page.url().split('/').at(-1)!)).toEqual([]);
});

test('a run that goes on is cancelled', async () => {
  await harness.source.exec('e2e-web', 'deploy/shop', 'head -c 8000000 /dev/urandom >/data/much');
  // So slowly that it is not done before it is cancelled.
  const { items } = await harness.api.call<{ items: MigrationView[] }>('GET', '/migrations');
  const { id, definition } = items.find(({ name }) => name === 'from the browser')!;
  const slowly = { ...definition, copy: { ...definition.copy, maxSpeedPerStreamMBps: 0.1 } };
  await harness.api.call('PUT', `/migrations/${id}`, slowly);
  await page.goto('/migrations');
  await page.getByRole('button', { name: 'Actions for from the browser' }).click();
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await seen(page.getByText('Cancelled', { exact: true })).toBeVisible(RUN);
  expect(await harness.leftovers(page.url().split('/').at(-1)!)).toEqual([]);
});

test('a run that fails tells why, and what to do', async () => {
  const fails = harness.definition('to nowhere', {
    selection: { scope: 'Namespaces', namespaces: ['e2e-web'] },
    transforms: { storageClasses: { standard: 'nowhere' } },
  });
  await harness.api.createMigration(fails);
  await page.goto('/migrations');
  await page.getByRole('button', { name: 'Actions for to nowhere' }).click();
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await seen(page.getByText('Failed', { exact: true }).first()).toBeVisible(RUN);
  await seen(page.getByText(/has no storage class "nowhere"/).first()).toBeVisible();
  await seen(page.getByText(/What to do:/).first()).toBeVisible();
  expect(await harness.leftovers(page.url().split('/').at(-1)!)).toEqual([]);
});
