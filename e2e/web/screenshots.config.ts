import config from './playwright.config.ts';

/** Of `npm run screenshots`: takes pictures of all pages, and proves nothing. */
export default { ...config, testMatch: 'screenshots.ts', outputDir: '../../test-results/screenshots' };
