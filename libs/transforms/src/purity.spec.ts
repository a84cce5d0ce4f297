import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The same manifest at any time, on any machine: transforms know no clock, no chance, no environment, no network. */
const SOURCE = new URL('./', import.meta.url);
const files = readdirSync(SOURCE).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
/** Packing and unpacking what an object holds is a function of it. */
const PURE_MODULES = ['node:zlib', 'rfc6902'];

test.each(files)('%s', (file) => {
  const code = readFileSync(new URL(file, SOURCE), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
  const modules = [...code.matchAll(/\bfrom '([^']+)'|\bimport\(([^)]*)\)/g)].map(([, name, dynamic]) => name ?? dynamic);
  const foreign = modules.filter((name) => !/^(\.\/|@godwit\/(contracts|selection)\/)/.test(name ?? ''));
  expect(foreign.filter((name) => !PURE_MODULES.includes(name ?? ''))).toEqual([]);
  expect(code.match(/\b(Date|Math\.random|crypto|process|globalThis|fetch|performance|setTimeout|setInterval)\b/g)).toBeNull();
});
