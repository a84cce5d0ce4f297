import { expect, test } from '@jest/globals';
import { linkedLibraries } from './stage-layers.ts';

test('the libraries and the loader are found in what ldd prints', () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007fbddad3c000)',
    '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007fbddac45000)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007fbddad3e000)',
  ].join('\n');
  expect(linkedLibraries('node', ldd)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
});

test('a library that is missing is told', () => {
  expect(() => linkedLibraries('mover.node', '\tlibstdc++.so.6 => not found')).toThrow(
    'mover.node needs the library libstdc++.so.6',
  );
});
