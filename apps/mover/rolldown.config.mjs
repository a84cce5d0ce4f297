import { defineConfig } from 'rolldown';

/** One file with all that the mover needs, for an image that holds node and nothing else. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  resolve: { conditionNames: ['source', 'node', 'import', 'default'] },
  output: { file: 'dist/mover.mjs', format: 'esm', codeSplitting: false },
});
