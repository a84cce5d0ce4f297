import type { Options } from '../options.ts';
export async function benchMemory(_: Options): Promise<string[]> {
  return [];
}
