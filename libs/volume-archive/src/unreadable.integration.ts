import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TestVolume } from './testing/test-volume.ts';

/** Half a minute later than it is, as in a copy of a volume at rest: what has its times is not read again. */
const startedLater = () => Date.now() + 30_000;

test('a file that could be read in part is told, and the next delta brings the rest, though nothing of it changed', async () => {
  await using volume = new TestVolume();
  const sh = (script: string) => execFileSync('sh', ['-ec', script], { cwd: volume.home });
  // A disk whose end is lost: the kernel answers reads of it with an error. A copy of the end brings it back.
  sh('truncate -s 64M disk; mkfs.ext4 -q disk; mount -o loop disk source');
  try {
    sh('head -c 30000000 /dev/urandom >source/large; echo small >source/small; sync -f source/large; cp source/large whole');
    sh(
      'tail -c +20971521 disk >end; dd of=source/large oflag=nocache conv=notrunc,fdatasync count=0 status=none; truncate -s 20M disk',
    );
    const now = Date.now;
    const time = startedLater();
    Date.now = () => time;
    const { digest } = await volume.copy({ prefix: 'first', index: true }).finally(() => {
      Date.now = now;
    });
    expect(volume.warnings).toEqual([
      {
        reason: 'Unreadable',
        path: 'large',
        message: expect.stringMatching(/^could be read only up to byte \d+: Input\/output error/),
      },
    ]);
    await volume.restore({ prefix: 'first' });
    expect(readFileSync(join(volume.destination, 'small'), 'utf8')).toBe('small\n');
    sh('cat end >>disk; dd of=source/large oflag=nocache conv=notrunc,fdatasync count=0 status=none');
    const base = { prefix: 'first', volumeId: 'shop/data', key: volume.key };
    expect(await volume.copy({ base })).toMatchObject({ base: digest });
    await volume.restore({ holds: digest });
    sh('cmp whole destination/large');
  } finally {
    sh('umount source');
  }
}, 30_000);
