import { readdirSync } from 'node:fs';
import { defineConfig } from 'prisma/config';

// Prisma's native schema engine is a download of its install script. Where that did not run, the same engine, built to
// WebAssembly and locked like any package, takes its place.
if (!nativeSchemaEngineIsInstalled()) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= new URL('./tools/schema-engine.mjs', import.meta.url).pathname;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // `prisma generate` needs no database, but wants a URL.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost/godwit' },
});

function nativeSchemaEngineIsInstalled(): boolean {
  const engines = new URL('./node_modules/@prisma/engines/', import.meta.url);
  return readdirSync(engines).some((file) => file.startsWith('schema-engine-'));
}
