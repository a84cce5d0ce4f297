import { EksDestination } from '@godwit/contracts/destination';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { Locator, Page } from '@playwright/test';
import { leavesOf, valueAtPath } from './schema-leaves.ts';
import { MANY_NAMESPACES } from './seed/large-cluster.ts';
import { definitionOf, expect, expectAccessible, expectNoSideways, goTo, KEYS, test } from './support.ts';

test.use({ signedInAs: 'clouds' });
test.slow();

const headers = { authorization: `Bearer ${KEYS.clouds}` };

/** An option: where it lies in the definition, what its field is called, and what is filled in. */
type Option = [path: string, label: string, value: unknown, group?: string];

/** Fills in a field as its kind wants it. */
async function fill(page: Page, [, label, value, group]: Option): Promise<void> {
  const within: Page | Locator = group ? page.getByRole('group', { name: group, exact: true }) : page;
  const by = { name: label, exact: true };
  const field = within
    .getByRole('textbox', by)
    .or(within.getByRole('spinbutton', by))
    .or(within.getByRole('combobox', by))
    .or(within.getByRole('checkbox', by));
  if (typeof value === 'boolean') return field.setChecked(value);
  if (Array.isArray(value) && label !== 'JSON patch') {
    const tokens = within.getByRole('combobox', { name: label, exact: true });
    for (const token of value) {
      await tokens.fill(String(token));
      await tokens.press('Enter');
    }
    return;
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(text);
  else await field.fill(text);
}

const SELECTIONS: Option[] = [
  ['selection/resourceTypes', 'Resource types', ['deployments.apps', 'persistentvolumeclaims']],
  ['selection/excludeResourceTypes', 'Excluded resource types', ['secrets']],
  ['selection/labels', 'Labels', 'app:web,api tier:shop'],
  ['selection/labelSelectors', 'Label selectors', ['app in (web,api)']],
  ['selection/includeDependencies', 'What selected objects refer to comes along', false],
  ['selection/clusterScoped', 'All cluster-scoped objects', true],
  ['selection/staticVolumes', 'Volumes made by hand for a server on the network', 'Recreate'],
  ['copy/concurrentStreams', 'Concurrent streams', 5],
  ['copy/maxSpeedPerStreamMBps', 'Max speed per stream in MB per second', 12.5],
  ['copy/moverPodTimeoutSeconds', 'Data mover pod timeout in seconds', 901],
  ['copy/snapshotTimeoutSeconds', 'CSI snapshot timeout in seconds', 601],
  ['copy/quiesceTimeoutSeconds', "Timeout of a cut-over's stop in seconds", 602],
  ['copy/excludeUnattachedPvcs', 'Exclude unattached PVCs', true],
  ['copy/live/longhorn', 'Copy from live Longhorn PVs', true],
  ['copy/live/withoutSnapshots', 'Copy volumes live that cannot be snapshotted', true],
  ['copy/live/storageClasses', 'Storage classes copied live', ['slow']],
  ['copy/live/drivers', 'CSI drivers copied live', ['other.example.com']],
  ['copy/temporaryStorageClasses/fast', 'fast', 'cheap'],
  ['copy/readOnlyStorageClasses', 'Storage classes whose snapshots are mounted read-only', ['cheap']],
  ['copy/snapshotClasses/csi.example.com', 'csi.example.com', 'snapshots-kept'],
  ['retention/archive/successHours', 'Hours that the archive is kept', 3],
  ['retention/archive/failureHours', 'Hours that the archive of a failed run is kept', 4],
  ['onFailure/holdMinutes', 'Hold a failed run for so many minutes', 61],
];

const matching = (path: string, group: string): Option[] => [
  [`${path}/match/resourceTypes`, 'For resource types', ['deployments'], group],
  [`${path}/match/namespaces`, 'In namespaces', ['team-*'], group],
  [`${path}/match/names`, 'With names', ['web'], group],
  [`${path}/match/labelSelector`, 'With labels', 'tier!=test', group],
];
const TRANSFORMS: Option[] = [
  ['transforms/renameNamespaces/prefix', 'Prefix of namespaces', 'a-'],
  ['transforms/renameNamespaces/suffix', 'Suffix of namespaces', '-b'],
  ['transforms/storageClasses/fast', 'fast', ''],
  ['transforms/preserveNodePorts', 'Preserve node ports', true],
  ['transforms/overwriteExisting', 'Overwrite existing resources', true],
  ['transforms/rewriteText', 'Rewrite names of Services in free text', true],
  ['transforms/imageRegistries/0/from', 'Images from', 'docker.io/library', 'Registry 1'],
  ['transforms/imageRegistries/0/to', 'Are taken from', 'registry.example/library', 'Registry 1'],
  ['transforms/replicas/0/replicas', 'Replicas on the destination', 2, 'Replica rule 1'],
  ...matching('transforms/replicas/0', 'Replica rule 1'),
  ...matching('transforms/resourceModifiers/0', 'Modifier 1'),
  ['transforms/resourceModifiers/0/jsonPatch', 'JSON patch', [{ op: 'remove', path: '/spec/a' }], 'Modifier 1'],
  ['transforms/resourceModifiers/0/mergePatch', 'Merge patch', { spec: { b: null } }, 'Modifier 1'],
  ['transforms/keepFinalizers', 'Finalizers to keep', ['example.com/keep']],
  ['transforms/restoreStatus', 'Types whose status is restored', ['deployments']],
];

/** Filled in by hand below. */
const BY_HAND = [
  'name',
  'sourceClusterId',
  'destination',
  'selection/scope',
  'selection/namespaces',
  'selection/excludeNamespaces',
  'copy/storage',
  'transforms/renameNamespaces/map',
  ...['sourcePre', 'sourcePost', 'destinationPost'].flatMap((slot) => [`hooks/${slot}/hookId`, `hooks/${slot}/namespaces`]),
];

test('every option of the schema has a field, and is saved as it was filled in', async ({ page, request }) => {
  const filled = [...SELECTIONS, ...TRANSFORMS];
  const paths = [...filled.map(([path]) => path.replaceAll(/\/\d+/g, '')), ...BY_HAND];
  const isFilled = (leaf: string) => paths.some((path) => path === leaf || path.startsWith(`${leaf}/`));
  expect(leavesOf(MigrationDefinition).filter((leaf) => !isFilled(leaf))).toEqual([]);
  const hook = { name: 'calm down', type: 'Common', labels: 'app:web', command: ['true'] };
  const { id: hookId } = await (await request.post('/api/app-hooks', { headers, data: hook })).json();

  await page.goto('/migrations/new');
  await page.getByRole('radio', { name: /east/ }).check();
  await goTo(page, 'Selections');
  await page.getByLabel('Excluded namespaces, as they are saved', { exact: true }).fill('team-19*');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Advanced options' }).click();
  await expect(page.getByRole('group', { name: 'Volume snapshot classes' }).getByLabel('csi.example.com')).toBeVisible();
  for (const option of SELECTIONS) await fill(page, option);
  await page.getByLabel('Destination storage for copy').selectOption({ label: 'archive' });
  await expect(page.locator('.pf-v6-c-helper-text__item.pf-m-error')).toHaveText([]);
  await expectAccessible(page);
  await goTo(page, 'Destination');
  await page.getByRole('radio', { name: /west/ }).check();
  await goTo(page, 'Restore Transforms');
  await page.getByText('Add a row').click();
  await page.getByLabel('Namespace 1').fill('team-0001');
  await page.getByLabel('Becomes 1').fill('first');
  await page.getByRole('button', { name: 'More transforms' }).click();
  for (const add of ['Add a registry', 'Add a rule for replicas', 'Add a modifier', 'Add a modifier'])
    await page.getByRole('button', { name: add }).click();
  for (const option of TRANSFORMS) await fill(page, option);
  await page.getByRole('button', { name: 'Remove Modifier 2' }).click();
  const patch = page.getByLabel('JSON patch');
  await patch.fill('[{');
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible();
  await patch.fill(JSON.stringify(TRANSFORMS.find(([path]) => path.endsWith('jsonPatch'))![2]));
  await expectAccessible(page);
  await goTo(page, 'App Hooks');
  for (const slot of [/before the snapshots/, /after the snapshots/, /when the pods are ready/]) {
    const group = page.getByLabel(slot).first();
    await group.selectOption('calm down');
  }
  for (const field of await page.getByRole('combobox', { name: 'Namespaces of calm down' }).all()) {
    await field.fill('team-0001');
    await field.press('Enter');
  }
  await goTo(page, 'Summary');
  await page.getByLabel('Migration name').fill('all of it');
  await page.getByLabel('Run now').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('row', { name: /all of it/ })).toBeVisible();

  const saved = await definitionOf(request, 'all of it');
  for (const [path, , value] of filled.filter(([, label]) => label !== 'All cluster-scoped objects'))
    expect([path, valueAtPath(saved, path)]).toEqual([path, value]);
  const use = [{ hookId, namespaces: ['team-0001'] }];
  expect(saved).toMatchObject({
    selection: { scope: 'FullCluster', excludeNamespaces: ['team-19*'], clusterScoped: 'All' },
    copy: { storage: { type: 'ObjectStore' } },
    transforms: { renameNamespaces: { map: { 'team-0001': 'first' } }, resourceModifiers: { length: 1 } },
    hooks: { sourcePre: use, sourcePost: use, destinationPost: use },
  });
});

test('a cluster of EKS is defined from what the account offers; what the provider does not have is told at its field', async ({
  page,
  request,
}) => {
  // The first questions take longest, and what is not answered in time is entered instead of chosen.
  const ask = async (path: string) => (await (await request.get(`/api/cloud-accounts${path}`, { headers })).json()) as never;
  const { items } = (await ask('')) as { items: { id: string; provider: string }[] };
  const { id } = items.find(({ provider }) => provider === 'AWS')!;
  const problems = async () => ((await ask(`/${id}/options?region=eu-central-1`)) as { problems: [] }).problems;
  await expect.poll(problems, { timeout: 90_000 }).toEqual([]);

  await page.goto('/migrations/new');
  await page.getByRole('radio', { name: /east/ }).check();
  await goTo(page, 'Selections');
  await page.getByRole('button', { name: 'Advanced options' }).click();
  await page.getByLabel('Destination storage for copy').selectOption({ label: 'archive' });
  await goTo(page, 'Destination');
  await page.getByRole('radio', { name: 'A new EKS cluster' }).check();
  await expect(page.getByLabel('Cloud account')).toHaveValue(/.+/); // there is one only
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Fill this in.').first()).toBeVisible();
  await page.getByLabel('Name of the new cluster').fill('no name!');
  await expect(page.getByText('Is not the name of an EKS cluster.')).toBeVisible();
  await page.getByLabel('Name of the new cluster').fill('cloudy');
  await page.getByLabel('Region').selectOption('eu-central-1');
  await expect(page.getByLabel('Kubernetes version').getByRole('option', { name: '1.34' })).toBeAttached();
  await page.getByLabel('Kubernetes version').selectOption('1.33');
  // Three nodes of 4 CPUs and 16 GiB in two zones: two subnets, the only roles there are, and the shape that holds them.
  await expect(page.getByText('What was open below is filled in like the source cluster')).toBeVisible();
  const subnets = page.getByRole('checkbox', { name: /^subnet-/ });
  await expect(subnets.and(page.locator(':checked'))).toHaveCount(2);
  await subnets.first().setChecked(!(await subnets.first().isChecked()));
  await subnets.first().setChecked(!(await subnets.first().isChecked()));
  await expect(page.getByLabel('Role of the control plane').locator(':checked')).toHaveText('cluster');
  await page.getByLabel('Role of the nodes').selectOption({ label: 'nodes' });
  await page.getByLabel('Role of the EBS CSI driver').fill('arn:aws:iam::123456789012:role/volumes');
  await page.getByLabel('More security groups', { exact: true }).fill('sg-0123456789abcdef0');
  await page.keyboard.press('Enter');
  const pool = page.getByRole('group', { name: 'Pool 1' });
  await pool.getByLabel('Name of the pool').fill('workers');
  await pool.getByRole('button', { name: 'Remove m5.xlarge' }).click();
  await pool.getByRole('combobox', { name: 'Instance types', exact: true }).fill('m6i.nonsense');
  await page.keyboard.press('Enter');
  await pool.getByLabel('Capacity').selectOption('SPOT');
  await pool.getByRole('spinbutton', { name: 'Nodes', exact: true }).fill('9');
  await expect(page.getByText(/not between minNodes/)).toBeVisible();
  await pool.getByLabel('At most').fill('12');
  await pool.getByLabel('Disk in GiB').fill('50');
  await page.getByRole('button', { name: 'Add a pool' }).click();
  await expect(page.getByRole('group', { name: 'Pool 2' })).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoSideways(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Remove Pool 2' }).click();

  await goTo(page, 'Summary');
  await page.getByLabel('Migration name').fill('to the cloud');
  await expect(page.getByText(/to cloudy, a new EKS cluster/)).toBeVisible();
  await page.getByLabel('Run now').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/m6i\.nonsense is not to be had in eu-central-1/).first()).toBeVisible();
  await goTo(page, 'Destination');
  await expect(pool.getByText(/m6i\.nonsense is not to be had in eu-central-1/)).toBeVisible();
  await pool.getByRole('button', { name: 'Remove m6i.nonsense' }).click();
  await pool.getByRole('combobox', { name: 'Instance types', exact: true }).fill('m5.large');
  await page.keyboard.press('Enter');
  await expect(pool.getByText(/m5\.large: 2 CPUs, 8 GiB/)).toBeVisible();
  await goTo(page, 'Summary');
  await expect(page.getByLabel('Run now')).not.toBeChecked();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('row', { name: /to the cloud/ })).toContainText('cloudy, a new EKS cluster');

  const { destination } = await definitionOf(request, 'to the cloud');
  expect(destination).toMatchObject({
    ...{ type: 'EKS', name: 'cloudy', region: 'eu-central-1', version: '1.33', securityGroupIds: ['sg-0123456789abcdef0'] },
    ...{ clusterRoleArn: expect.stringMatching(/:role\/cluster$/), nodeRoleArn: expect.stringMatching(/:role\/nodes$/) },
    ...{ volumeRoleArn: 'arn:aws:iam::123456789012:role/volumes', subnetIds: [expect.any(String), expect.any(String)] },
    nodePools: [
      {
        ...{ name: 'workers', nodes: 9, minNodes: 1, maxNodes: 12, diskGiB: 50 },
        ...{ instanceTypes: ['m5.large'], capacityType: 'SPOT' },
      },
    ],
  });
  // Every field that there is was filled in.
  const isFilled = (leaf: string) => valueAtPath(destination, leaf.replace('nodePools/', 'nodePools/0/')) !== undefined;
  expect(leavesOf(EksDestination).filter((leaf) => !isFilled(leaf))).toEqual([]);
});

test('of very many namespaces only those that are seen are there, and all can be found', async ({ page }) => {
  await page.goto('/migrations/new');
  await page.getByRole('radio', { name: /east/ }).check();
  await goTo(page, 'Selections');
  await page.getByRole('radio', { name: 'Select namespaces' }).check();
  const picker = page.getByRole('region', { name: 'Namespaces' });
  await expect(picker.getByRole('checkbox', { name: 'team-0001' })).toBeVisible();
  await expect(picker.getByText('1 pod, 1 volume of 10 GiB')).toBeVisible();
  expect(await picker.getByRole('checkbox').count()).toBeLessThan(60);
  await picker.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await expect(picker.getByRole('checkbox', { name: `team-${MANY_NAMESPACES}` })).toBeVisible();
  expect(await picker.getByRole('checkbox').count()).toBeLessThan(60);
  await page.getByRole('textbox', { name: 'Find in Namespaces' }).fill('team-12');
  await page.getByRole('button', { name: 'Choose all shown' }).click();
  await picker.getByRole('checkbox', { name: 'team-1200' }).uncheck();
  await expect(picker.getByRole('checkbox', { name: 'team-1201' })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Remove team-1201' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove team-1200' })).toHaveCount(0);
});
