import { act, cloneMigration, confirmDelete, expect, expectAccessible, expectNoSideways, test } from './support.ts';

test.use({ timezoneId: 'Asia/Tokyo', locale: 'en-GB' });

test('a migration is scheduled from its row, in the time of a zone and in words; changed, suspended, resumed and deleted', async ({
  page,
}) => {
  test.slow();
  await cloneMigration(page, 'nightly shop');
  await page.goto('/migrations');
  await act(page, 'nightly shop', 'Schedule…');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: /^Migration/ })).toContainText('nightly shop');
  await dialog.getByLabel('Name').fill('shop by night');
  const cron = dialog.getByLabel('Cron expression');
  await cron.fill('0 3 * *');
  await expect(dialog.getByText(/has to have five fields/i)).toBeVisible();
  await cron.fill('30 1 * * *');
  await expect(dialog.getByText('At 01:30, every day')).toBeVisible();
  await dialog.getByLabel('Time zone').selectOption('Africa/Abidjan'); // is UTC, without summer time
  const times = dialog.getByRole('list', { name: 'Next times' }).getByRole('listitem');
  await expect(times).toHaveCount(3);
  await expect(times.first()).toContainText(/01:30 \(.*10:30 here\)/);
  await dialog.getByLabel('While a run').selectOption({ label: 'Queue: its run waits for that one' });
  await dialog.getByLabel('Seconds that a missed time').fill('5');
  await expect(dialog.getByText('At least 10.')).toBeVisible();
  await dialog.getByLabel('Make up for a missed time however late').check();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Schedules' })).toBeVisible();
  const row = page.getByRole('row', { name: /shop by night/ });
  await expect(row).toContainText('At 01:30, every day');
  await expect(row).toContainText(/01:30 \(.*10:30 here\)/);
  await expect(row).toContainText('Queue');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoSideways(page);

  await act(page, 'shop by night', 'Suspend');
  await expect(row).toContainText('Suspended');
  await act(page, 'shop by night', 'Change');
  await expect(dialog.getByLabel('Suspended')).toBeChecked();
  await expect(dialog.getByLabel('Make up for a missed time however late')).toBeChecked();
  await cron.fill('@weekly');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('only on Sunday');
  await act(page, 'shop by night', 'Resume');
  await expect(row).not.toContainText('Suspended'); // the list is read again: what is deleted is what is shown
  await act(page, 'shop by night', 'Delete');
  await confirmDelete(page, 'shop by night');
  await expect(row).toHaveCount(0);
});

test('a run is put off to a time, waits for it in the queue, and leaves the queue when it is cancelled', async ({ page }) => {
  await cloneMigration(page, 'later shop');
  await page.goto('/migrations');
  await act(page, 'later shop', 'Run later…');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Not before').fill('');
  await dialog.getByRole('button', { name: 'Put it into the queue' }).click();
  await expect(dialog.getByText('Fill this in.')).toBeVisible();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Not before').fill(`${tomorrow}T21:15`);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Put it into the queue' }).click();
  await expect(page.getByText(/Starts at .*21:15/)).toBeVisible();
  await page.getByRole('link', { name: 'Runs' }).first().click();
  await expect(page.getByRole('row', { name: /Starts at .*21:15/ })).toContainText('Queued');
  await page
    .getByRole('row', { name: /Starts at/ })
    .getByRole('link')
    .click();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByText('Cancelled').first()).toBeVisible();
});
