import { AksDestination, GkeDestination } from '@godwit/contracts/destination';
import type { Locator, Page } from '@playwright/test';
import { leavesOf, valueAtPath } from './schema-leaves.ts';
import { definitionOf, expect, expectAccessible, expectNoSideways, goTo, test } from './support.ts';

test.use({ signedInAs: 'clouds' });
test.slow();

interface OfCloud {
  schema: typeof AksDestination | typeof GkeDestination;
  /** How the place is called, and one. */
  place: [label: string, value: string];
  /** Fills in what is the provider's own. */
  fill(page: Page, pool: Locator): Promise<void>;
  saved: Record<string, unknown>;
  savedPool: Record<string, unknown>;
  /** The class that volumes have there from the beginning. */
  storageClass: string;
}

const CLOUDS: Record<string, OfCloud> = {
  AKS: {
    schema: AksDestination,
    place: ['Location', 'westeurope'],
    fill: async (page, pool) => {
      await page.getByLabel('Resource group').selectOption('clusters');
      await page.getByLabel('Subnet of the nodes').selectOption({ label: 'nodes of office (10.1.0.0/16)' });
      await pool.getByLabel('Size of the machines').selectOption('Standard_D2s_v5');
      const zones = pool.getByRole('combobox', { name: 'Availability zones', exact: true });
      const suggested = pool.getByRole('button', { name: /^Remove [123]$/ });
      for (let left = await suggested.count(); left > 0; left--) await suggested.first().click();
      await zones.fill('2');
      await zones.press('Enter');
    },
    saved: { resourceGroup: 'clusters', location: 'westeurope', subnetId: expect.stringMatching(/\/subnets\/nodes$/) },
    savedPool: { vmSize: 'Standard_D2s_v5', zones: ['2'] },
    storageClass: 'managed-csi',
  },
  GKE: {
    schema: GkeDestination,
    place: ['Region or zone', 'europe-west1'],
    fill: async (page, pool) => {
      await page.getByRole('combobox', { name: /^Network/ }).selectOption({ label: 'own' });
      await page.getByLabel('Subnetwork').selectOption({ label: 'own-europe-west1 (10.0.0.0/20)' });
      await page.getByLabel('Service account of the nodes').selectOption('nodes@a-project.iam.gserviceaccount.com');
      await pool.getByLabel('Machine type').selectOption('e2-standard-4');
    },
    saved: {
      location: 'europe-west1',
      network: 'own',
      subnetwork: 'own-europe-west1',
      serviceAccount: 'nodes@a-project.iam.gserviceaccount.com',
    },
    savedPool: { machineType: 'e2-standard-4' },
    storageClass: 'standard-rwo',
  },
};

for (const [type, cloud] of Object.entries(CLOUDS)) {
  test(`a cluster of ${type} is defined from what the account offers`, async ({ page, request }) => {
    await page.goto('/migrations/new');
    await page.getByRole('radio', { name: /east/ }).check();
    await goTo(page, 'Selections');
    await page.getByRole('button', { name: 'Advanced options' }).click();
    await page.getByLabel('Destination storage for copy').selectOption({ label: 'archive' });
    await goTo(page, 'Destination');
    await page.getByRole('radio', { name: `A new ${type} cluster` }).check();
    await expect(page.getByLabel('Cloud account')).toHaveValue(/.+/); // there is one only
    const name = `cloudy-${type.toLowerCase()}`;
    await page.getByLabel('Name of the new cluster').fill(name);
    await page.getByLabel(cloud.place[0]).selectOption(cloud.place[1]);
    await expect(page.getByText('What was open below is filled in like the source cluster')).toBeVisible();
    await page.getByLabel('Kubernetes version').selectOption('1.33');
    const pool = page.getByRole('group', { name: 'Pool 1' });
    await cloud.fill(page, pool);
    await pool.getByLabel('Name of the pool').fill('workers');
    await pool.getByRole('spinbutton', { name: 'Nodes', exact: true }).fill('2');
    await pool.getByLabel('At least').fill('1');
    await pool.getByLabel('At most').fill('5');
    await pool.getByLabel('Disk in GiB').fill('64');
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 800 });
    await expectNoSideways(page);
    await page.setViewportSize({ width: 1280, height: 800 });

    await goTo(page, 'Transforms');
    await expect(page.getByRole('option', { name: new RegExp(`^${cloud.storageClass} `) }).first()).toBeAttached();
    await goTo(page, 'Summary');
    await expect(page.getByText('There is no preview of a cluster that is yet to be created')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Preview' })).toHaveCount(0);
    await page.getByLabel('Migration name').fill(`to ${type}`);
    await page.getByLabel('Run now').uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('row', { name: new RegExp(`to ${type}`) })).toContainText(`${name}, a new ${type} cluster`);

    const { destination } = await definitionOf(request, `to ${type}`);
    const counts = { name: 'workers', nodes: 2, minNodes: 1, maxNodes: 5, diskGiB: 64 };
    expect(destination).toMatchObject({ type, name, version: '1.33', nodePools: [{ ...counts, ...cloud.savedPool }] });
    expect(destination).toMatchObject(cloud.saved);
    // Every field that there is was filled in.
    const isFilled = (leaf: string) => valueAtPath(destination, leaf.replace('nodePools/', 'nodePools/0/')) !== undefined;
    expect(leavesOf(cloud.schema).filter((leaf) => !isFilled(leaf))).toEqual([]);
  });
}
