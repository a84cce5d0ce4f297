import { kubeconfigOf } from './seed/seed-web.ts';
import { act, confirmDelete, expect, expectAccessible, KEYS, test } from './support.ts';

test.use({ signedInAs: 'manage' });

test('a cluster is registered, which says why it cannot be reached; renamed; and deleted by its name', async ({ page }) => {
  await page.goto('/clusters');
  await page.getByRole('button', { name: 'Register a cluster' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog.getByText('Fill this in.')).toHaveCount(2);
  await dialog.getByLabel('Name').fill('north');
  const kubeconfig = dialog.getByRole('textbox', { name: 'Kubeconfig' });
  await kubeconfig.fill(kubeconfigOf('north').replace('token: some-token', 'exec: {command: sh}'));
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog.getByText(/users\.0\.user\.exec/)).toBeVisible();
  await expectAccessible(page);
  await kubeconfig.fill(kubeconfigOf('north'));
  await dialog.getByRole('button', { name: 'Register' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'north' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'State' })).toContainText('Unreachable');
  await expect(page.getByText(/127\.0\.0\.1:1.*refused|refused.*127\.0\.0\.1:1/i).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Change' }).click();
  await dialog.getByLabel('Name').fill('far north');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'far north' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await confirmDelete(page, 'far north');
  await expect(page.getByRole('heading', { name: 'No cluster yet' })).toBeVisible();
});

test('storage that does not answer says so, is changed from what it is, and is forgotten', async ({ page }) => {
  await page.goto('/storage');
  await page.getByRole('button', { name: 'Register storage' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('cellar');
  await dialog.getByLabel('Endpoint').fill('nowhere');
  await dialog.getByRole('textbox', { name: 'Bucket' }).fill('A');
  await expect(dialog.getByText(/not a bucket name/)).toBeVisible();
  await dialog.getByLabel('Endpoint').fill('http://127.0.0.1:1');
  await dialog.getByRole('textbox', { name: 'Bucket' }).fill('archives');
  await dialog.getByLabel('Access key id').fill('key');
  await dialog.getByLabel('Secret access key').fill('secret');
  await dialog.getByRole('button', { name: 'More options' }).click();
  await dialog.getByLabel('Bucket in the path').uncheck();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row', { name: /cellar/ });
  await expect(row).toContainText('Failed');
  await act(page, 'cellar', 'Change');
  await dialog.getByRole('button', { name: 'More options' }).click();
  await expect(dialog.getByLabel('Bucket in the path')).not.toBeChecked(); // what is saved replaces all of it
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await act(page, 'cellar', 'Delete');
  await confirmDelete(page, 'cellar');
  await expect(page.getByRole('heading', { name: 'No storage yet' })).toBeVisible();
});

test('a hook is made of a template, changed, cloned and deleted', async ({ page }) => {
  await page.goto('/app-hooks?tab=templates');
  await page
    .getByRole('button', { name: /Clone .*PostgreSQL/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('checkpoint');
  await dialog.getByLabel('Labels of the pods').fill('app');
  await expect(dialog.getByText(/has no ":"/)).toBeVisible();
  await dialog.getByLabel('Labels of the pods').fill('app:orders');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /checkpoint/ })).toContainText('app:orders');
  await act(page, 'checkpoint', 'Clone');
  await dialog.getByLabel('Name').fill('checkpoint'); // is taken
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/there is .*already|is taken/i).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await act(page, 'checkpoint', 'Delete');
  await confirmDelete(page, 'checkpoint');
});

test('a key is shown once; a viewer with it may look and not change', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Make an API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('screen in the hall');
  await dialog.getByLabel('Role').selectOption('viewer');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  const key = await dialog.getByRole('textbox', { name: 'The new API key' }).inputValue();
  expect(key).toMatch(/^gdw_/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'I have put it away' }).click();
  await expect(page.getByRole('row', { name: /screen in the hall/ })).toContainText('viewer');
  await expect(page.getByText(key)).toHaveCount(0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('row', { name: /screen in the hall/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make an API key' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Storage' }).click();
  await expect(page.getByRole('heading', { name: 'Storage', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Register storage' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').fill(KEYS.manage);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await act(page, 'screen in the hall', 'Delete');
  await confirmDelete(page, 'screen in the hall');
  await expect(page.getByRole('row', { name: /screen in the hall/ })).toHaveCount(0);
});

test('a webhook is added with its key, and an address that is no public one is refused at its field', async ({ page }) => {
  await page.goto('/settings?tab=webhooks');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('pager');
  await dialog.getByLabel('Address').fill('http://10.0.0.1/hook');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/public/).first()).toBeVisible();
  await dialog.getByLabel('Address').fill('https://93.184.216.34/hook');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('textbox', { name: 'The key of its signatures' })).toHaveValue(/^whsec_/);
  await dialog.getByRole('button', { name: 'I have put it away' }).click();
  await act(page, 'pager', 'Deliveries');
  await expect(dialog).toContainText('Nothing was told yet.');
  await dialog.getByRole('contentinfo').getByRole('button', { name: 'Close' }).click();
  await act(page, 'pager', 'Delete');
  await confirmDelete(page, 'pager');
});

test('how long archives are kept is set for the organisation', async ({ page }) => {
  await page.goto('/settings?tab=retention');
  const hours = page.getByLabel(/archive of a run that succeeded/);
  await hours.fill('-1');
  await expect(page.getByText('At least 0.')).toBeVisible();
  await hours.fill('48');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await hours.fill('49');
  await expect(page.getByText('Saved')).toHaveCount(0);
  await page.reload();
  await expect(hours).toHaveValue('48');
});

test('the form of a cloud account asks for what its provider needs', async ({ page }) => {
  await page.goto('/cloud-accounts');
  await page.getByRole('button', { name: 'Register an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('ours');
  await dialog.getByLabel('Access key id').fill('short');
  await expect(dialog.getByText(/not an access key id/)).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Provider' }).selectOption('GCP');
  await dialog.getByLabel('Project id').fill('X');
  await expect(dialog.getByText(/not the id of a project/)).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Provider' }).selectOption('Azure');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog.getByText('Fill this in.')).toHaveCount(3);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a change that somebody else has overtaken is not made unless one says so, and neither is a deletion', async ({ page }) => {
  const options = { headers: { authorization: `Bearer ${KEYS.manage}` } };
  const hook = { name: 'overtaken', type: 'Pre', labels: 'app:first', command: ['true'] };
  const { id } = await (await page.request.post('/api/app-hooks', { ...options, data: hook })).json();
  const changeElsewhere = (labels: string) => page.request.put(`/api/app-hooks/${id}`, { ...options, data: { ...hook, labels } });
  const dialog = page.getByRole('dialog');
  const labels = dialog.getByLabel('Labels of the pods');
  const save = () => dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto('/app-hooks');
  await act(page, 'overtaken', 'Change');
  await labels.fill('app:mine');
  await changeElsewhere('app:theirs');
  await save();
  await expect(dialog.getByText('was changed by somebody else since it was read')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Load what is there now' }).click();
  await expect(labels).toHaveValue('app:theirs');
  await labels.fill('app:mine');
  await changeElsewhere('app:theirs-again');
  await save();
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row', { name: /overtaken/ });
  await expect(row).toContainText('app:mine');

  await act(page, 'overtaken', 'Delete');
  await changeElsewhere('app:late');
  await dialog.getByLabel('Type overtaken to confirm').fill('overtaken');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByText('it was changed by somebody else since it was read')).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(row).toContainText('app:late');
  await act(page, 'overtaken', 'Delete');
  await confirmDelete(page, 'overtaken');
});
