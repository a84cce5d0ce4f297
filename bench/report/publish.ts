import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../tools/infra/home.ts';
import { drawChart } from './chart.ts';
import { memorySection } from './memory-section.ts';
import { moverSection } from './mover-section.ts';
import { resourcesSection } from './resources-section.ts';
import { type MoverResults, memoryResultsFile, moverResultsFile, readResults, resourcesResultsFile } from './results.ts';

const PAGE = join(repository, 'docs/performance.md');
const CHART = join(repository, 'docs/performance.svg');

/** Writes the measured parts of docs/performance.md, between its marks, and its chart, from the committed results. */
export function publish(): void {
  let page = readFileSync(PAGE, 'utf8');
  if (existsSync(moverResultsFile)) {
    const results: MoverResults = readResults(moverResultsFile);
    page = replacePart(page, 'mover', moverSection(results));
    writeFileSync(CHART, drawChart(results.rows));
  }
  if (existsSync(memoryResultsFile)) page = replacePart(page, 'memory', memorySection(readResults(memoryResultsFile)));
  if (existsSync(resourcesResultsFile))
    page = replacePart(page, 'resources', resourcesSection(readResults(resourcesResultsFile)));
  writeFileSync(PAGE, page);
  // Tables are aligned as all our pages are.
  execFileSync(join(repository, 'node_modules/.bin/biome'), ['format', '--write', PAGE], { stdio: 'pipe' });
}

/** @returns the page with other text between `<!-- measured: NAME -->` and the next `<!-- end -->` */
export function replacePart(page: string, name: string, text: string): string {
  const begin = `<!-- measured: ${name} -->\n`;
  const from = page.indexOf(begin);
  const to = page.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0)
    throw new Error(`docs/performance.md has no place for the measured ${name}: "${begin.trim()}" … "<!-- end -->".`);
  return `${page.slice(0, from + begin.length)}\n${text}\n\n${page.slice(to)}`;
}
