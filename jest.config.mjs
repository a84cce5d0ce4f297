import { readFileSync } from 'node:fs';

const { $schema, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
swc.jsc.rewriteRelativeImportExtensions = false; // jest resolves .ts itself

const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/tools/native-core/refuse-stale.mjs',
  setupFiles: ['<rootDir>/jest.setup.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/{tools,bench}/**/*.spec.ts'],
    },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.integration.ts'] },
    { ...common, displayName: 'conformance', testMatch: ['<rootDir>/libs/*/src/**/*.conformance.ts'] },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
      setupFiles: ['<rootDir>/e2e/support/choose-pair.mjs', ...common.setupFiles],
    },
  ],
};
