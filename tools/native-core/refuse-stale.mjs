import { nativeCoreState } from './crate.ts';

/**
 * For Jest, before any test: a core that is not that of its sources would make its tests tell of something else. One that is
 * missing is told by what loads it; most tests need none.
 */
export default function refuseStaleCore() {
  if (nativeCoreState() === 'stale')
    throw new Error('The native core in libs/volume-archive/native is older than its sources. Build it: npm run build');
}
