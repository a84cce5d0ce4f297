import type { RunView } from '@godwit/contracts/api';
import type { Page } from '@playwright/test';
import { runOf } from './runs-of-states.ts';
import { expect, expectAccessible, test } from './support.ts';

test.use({ signedInAs: 'states' });

/** Goes to the page of a run. */
async function open(page: Page, name: string, kind?: string): Promise<RunView> {
  const run = await runOf(page.request, name, kind);
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  return run;
}

const buttonsOf = (page: Page) =>
  page.getByRole('button', {
    name: /^(Cancel run|Give up|Retry|Pause|Resume|Stage|Cut over|Discard.*|Roll back|Delete.*|Preview)$/,
  });

/** Presses a button and confirms it in the dialog, which says what happens. */
async function confirm(page: Page, button: string, says: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(says);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}

test('a run that moves data is paused and resumed', async ({ page }) => {
  await open(page, 'to pause');
  await expect(buttonsOf(page)).toHaveText(['Pause', 'Cancel run']);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('heading', { name: 'The run is paused' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Lines of the log' })).toContainText('The run is paused: no data is moved');
  expect((await runOf(page.request, 'to pause')).pausedAt).toBeDefined();
  await expect(buttonsOf(page)).toHaveText(['Resume', 'Cancel run']);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(buttonsOf(page)).toHaveText(['Pause', 'Cancel run']);
  expect((await runOf(page.request, 'to pause')).pausedAt).toBeUndefined();
});

test('a run is cancelled once one has confirmed it, and not if one has not', async ({ page }) => {
  await open(page, 'to cancel');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let it run' }).click();
  expect((await runOf(page.request, 'to cancel')).cancelRequestedAt).toBeUndefined();
  await confirm(page, 'Cancel run', 'Objects that were applied to west already stay there');
  await expect(page.getByRole('list', { name: 'Lines of the log' })).toContainText('The run is cancelled; cleaning up');
  expect((await runOf(page.request, 'to cancel')).cancelRequestedAt).toBeDefined();
  await expect(buttonsOf(page)).toHaveCount(0);
});

test('a run that is held tells how long, and goes on from what failed', async ({ page }) => {
  await open(page, 'to retry');
  await expect(page.getByText(/given up by itself in 4[5-7] h \d+ min, at/)).toBeVisible();
  await expect(page.getByText('See whether nodes are short of memory.')).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: '137: the mover was killed' })).toBeVisible();
  await expect(page.getByRole('definition').getByRole('listitem')).toHaveText([/^Scheduled: /, /^OOMKilling: /]);
  await expectAccessible(page);
  await expect(buttonsOf(page)).toHaveText(['Retry', 'Give up']);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('list', { name: 'Lines of the log' })).toContainText('what is done stays done');
  const { steps } = await runOf(page.request, 'to retry');
  expect(steps.find(({ name }) => name === 'copy-volume')!.attempt).toBeGreaterThan(1);
  expect(steps.find(({ name }) => name === 'preflight')).toMatchObject({ state: 'Succeeded', attempt: 1 });
});

test('a run that is held is given up', async ({ page }) => {
  await open(page, 'to give up');
  await confirm(page, 'Give up', 'The run has failed, and what it keeps to go on from goes too.');
  await expect(page.getByRole('list', { name: 'Lines of the log' })).toContainText('The run is given up; cleaning up');
  await expect(buttonsOf(page)).toHaveCount(0);
  expect((await runOf(page.request, 'to give up')).phase).toMatch(/Finishing|Failed/);
});

test('a migration is cut over from the page of a run', async ({ page }) => {
  await open(page, 'to cut over');
  await expect(buttonsOf(page)).toHaveText(['Preview', 'Stage', 'Cut over', 'Roll back', 'Delete archive']);
  await confirm(page, 'Cut over', 'On east the selected Deployments');
  await expect(page.getByRole('heading', { level: 1, name: 'Cut-over of to cut over' })).toBeVisible();
  const { id } = await runOf(page.request, 'to cut over', 'CutOver');
  expect(new URL(page.url()).pathname).toBe(`/runs/${id}`);
});

test('what is staged is discarded', async ({ page }) => {
  await open(page, 'to discard', 'Stage');
  await confirm(page, 'Discard staging', 'The staged volumes are deleted from west');
  await expect(page.getByRole('heading', { level: 1, name: 'Discard what is staged of to discard' })).toBeVisible();
  expect((await runOf(page.request, 'to discard', 'DiscardStaging')).migrationName).toBe('to discard');
});

test('a run is rolled back once', async ({ page }) => {
  const run = await open(page, 'to roll back');
  await confirm(page, 'Roll back', 'What this run created on west is deleted');
  await expect(page.getByRole('heading', { level: 1, name: 'Rollback of to roll back' })).toBeVisible();
  expect((await runOf(page.request, 'to roll back', 'Rollback')).rollbackOf).toBe(run.id);
  await page.getByRole('link', { name: 'this run' }).click();
  await expect(page.getByRole('link', { name: 'this rollback' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Roll back' })).toHaveCount(0);
});

test('a cluster that the run created is deleted with it, if one says so', async ({ page }) => {
  await open(page, 'created');
  await expect(buttonsOf(page)).toHaveText(['Roll back', 'Delete archive']);
  await page.getByRole('button', { name: 'Roll back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: 'Also delete the cluster created' }).check();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('list', { name: 'Steps of the run' })).toContainText('Delete the created cluster');
});

test('a cluster that is being created tells what it waits for', async ({ page }) => {
  await open(page, 'creating');
  await expect(page.getByRole('list', { name: 'Steps of the run' })).toContainText(
    /waiting for node group workers of EKS cluster created: CREATING, (\d+ h )?\d+ min/,
  );
  await expectAccessible(page);
});

test('the archive of a run is deleted before its time', async ({ page }) => {
  await open(page, 'to delete');
  await confirm(page, 'Delete archive', 'Nothing can be read from it any more');
  await expect(page.getByText('Its archive is deleted')).toBeVisible({ timeout: 30_000 });
  expect((await runOf(page.request, 'to delete')).archive).toMatchObject({ state: 'Deleted' });
  await expect(page.getByRole('button', { name: 'Delete archive' })).toHaveCount(0);
});

test('a run that applied nothing has nothing to take back; its migration is staged', async ({ page }) => {
  await open(page, 'not applied');
  await expect(buttonsOf(page)).toHaveText(['Preview', 'Stage', 'Cut over']);
  await page.getByRole('button', { name: 'Stage', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Stage of not applied' })).toBeVisible();
  expect((await runOf(page.request, 'not applied', 'Stage')).migrationName).toBe('not applied');
});

test.describe('who may only look', () => {
  test.use({ signedInAs: 'viewer' });

  test('sees runs and what became of them, and no button that changes anything', async ({ page }) => {
    for (const name of ['to follow', 'not applied', 'created']) {
      await open(page, name);
      await expect(page.getByRole('button', { name: 'Report' })).toBeVisible();
      await expect(buttonsOf(page)).toHaveCount(0);
    }
  });
});
