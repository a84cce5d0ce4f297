import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

export default defineConfig({
  plugins: [precompress()],
  // The project's own packages are read as they are written; nothing has to be built before.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    sourcemap: false,
    // The content security policy allows no data: fonts, so every asset is a file of its own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 750, // of the entry, mostly React and PatternFly: 210 kB compressed
    // "use client" in libraries says nothing to a bundle for browsers.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: { proxy: { '/api': `http://127.0.0.1:${process.env.GODWIT_BASE_PORT ?? 7400}` } },
});
