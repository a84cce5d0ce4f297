import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'rolldown';

const NAME = 'godwit-native.node';
const built = join(import.meta.dirname, '../../libs/volume-archive/native', NAME);

/** Lays the native core beside the bundle, which loads it from there; by renaming, as a mover may run from the one that is there. */
const nativeCore = {
  name: 'native-core',
  writeBundle({ file }) {
    if (!existsSync(built)) throw new Error(`${built} is missing: nx native @godwit/volume-archive, or npm run build`);
    const target = join(dirname(file), NAME);
    copyFileSync(built, `${target}.draft`);
    renameSync(`${target}.draft`, target);
  },
};

/** One file with all that the mover needs beside the native core, for an image that holds node and nothing else. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  resolve: { conditionNames: ['source', 'node', 'import', 'default'] },
  plugins: [nativeCore],
  output: { file: 'dist/mover.mjs', format: 'esm', codeSplitting: false },
});
