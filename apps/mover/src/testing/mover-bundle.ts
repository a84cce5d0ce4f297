import { resolve } from 'node:path';

/** The mover as it lies in its image; what starts the integration tests makes sure that it is that of the sources. */
export const bundle = resolve(import.meta.dirname, '../../dist/mover.mjs');
