import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Makes one of everything that a volume may hold and this engine keeps. `root` is an empty directory. */
export function makeSampleTree(root: string): void {
  const path = (name: string) => join(root, name);
  mkdirSync(path('data/deep/er'), { recursive: true });
  mkdirSync(path('empty-directory'));
  mkdirSync(path('lost+found'));
  writeFileSync(path('lost+found/of-this-file-system'), 'not content');
  mkdirSync(path('data/lost+found'));
  writeFileSync(path('empty'), '');
  writeFileSync(path('data/small'), 'small file\n'.repeat(100));
  writeFileSync(path('data/random'), randomBytes(700_000));
  writeFileSync(
    path('data/large'),
    Buffer.concat([randomBytes(9_000_000), Buffer.alloc(9_000_000, 'text '), randomBytes(3_000_001)]),
  );
  writeFileSync(path('data/zeros'), Buffer.alloc(3_000_000));
  makeSparse(path('data/sparse'));
  writeFileSync(path('data/deep/er/script'), '#!/bin/sh\n');
  chownSync(path('data/deep/er/script'), 12, 34);
  chmodSync(path('data/deep/er/script'), 0o6755);
  writeFileSync(path('secret'), 'secret');
  chownSync(path('secret'), 4_000_000_000, 70_000);
  chmodSync(path('secret'), 0o000);
  linkSync(path('data/small'), path('data/deep/another-name'));
  linkSync(path('data/small'), path('zz-third-name'));
  linkSync(path('data/large'), path('data/large-too'));
  symlinkSync('data/small', path('link'));
  symlinkSync('/etc/passwd', path('absolute-link'));
  symlinkSync('../nowhere/at/all', path('dangling-link'));
  symlinkSync('data', path('link-to-directory'));
  linkSync(path('link'), path('link-too'));
  lchownSync(path('dangling-link'), 5, 6);
  lutimesSync(path('absolute-link'), 1_000_000_000, 1_000_000_000.5);
  for (const name of [
    Buffer.from([0x66, 0xff, 0xfe, 0x80]),
    Buffer.from('name with "quotes", $, \\ and\nnewline'),
    Buffer.from('ünïcødé-名前'),
    Buffer.from('n'.repeat(255)),
  ]) {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/data/`), name]), name);
  }
  utimesSync(path('empty'), 0, 1_700_000_000.123456);
  utimesSync(path('data/small'), 0, -86_400.5);
  chmodSync(path('data/deep'), 0o1777);
  chownSync(path('data/deep/er'), 7, 8);
  chmodSync(path('data/deep/er'), 0o2550);
  chmodSync(path('empty-directory'), 0o000);
  for (const name of ['empty-directory', 'data/deep/er', 'data/deep', 'data', '']) utimesSync(path(name), 0, 1_234_567_890.25);
  chmodSync(root, 0o2771);
  chownSync(root, 1000, 2000);
  utimesSync(root, 0, 1_600_000_000);
}

/** 40 MiB, of which two ranges hold data. */
function makeSparse(path: string): void {
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, randomBytes(100_000), 0, 100_000, 5_000_000);
  writeSync(descriptor, randomBytes(300_000), 0, 300_000, 30_000_000);
  ftruncateSync(descriptor, 40 * 1024 * 1024 + 1);
  closeSync(descriptor);
}
