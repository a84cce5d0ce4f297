import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('the helper programs pass their own tests', async () => {
  const tested = promisify(execFile)('go', ['test', './...'], { cwd: import.meta.dirname });
  await expect(tested).resolves.toMatchObject({ stdout: expect.stringMatching(/^ok/m) });
}, 180_000);
