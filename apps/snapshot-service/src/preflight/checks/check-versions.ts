import type { Finding } from '@godwit/contracts/findings';
import type { ClusterFacts } from '../facts/facts.ts';
import { minorOf } from '../facts/version.ts';
import type { Check } from './check.ts';

/** The oldest minor version whose discovery we can read in one request. */
const OLDEST_MINOR = 27;
/** As far as the project's own tools promise to bridge. */
const WIDE_SKEW = 3;

/** Versions of Kubernetes that we do not serve, and that differ much. */
export const checkVersions: Check = ({ source, destination }) => {
  const unsupported = [source, destination].flatMap(tooOld);
  const [from, to] = [minorOf(source.status.version), minorOf(destination.status.version)];
  if (from === undefined || to === undefined) return unsupported;
  return [...unsupported, ...skew(source, destination, from - to)];
};

function tooOld(cluster: ClusterFacts): Finding[] {
  const minor = minorOf(cluster.status.version);
  if (minor === undefined || minor >= OLDEST_MINOR) return [];
  return [
    {
      severity: 'error',
      reason: 'VersionUnsupported',
      cluster: cluster.name,
      message: `cluster "${cluster.name}" runs Kubernetes ${cluster.status.version}, which is older than 1.${OLDEST_MINOR}`,
      cure: `Upgrade it to 1.${OLDEST_MINOR} or newer.`,
    },
  ];
}

function skew(source: ClusterFacts, destination: ClusterFacts, newer: number): Finding[] {
  const versions = `the source runs Kubernetes ${source.status.version}, the destination ${destination.status.version}`;
  if (newer > 0) {
    return [
      {
        severity: 'warning',
        reason: 'DestinationOlder',
        cluster: destination.name,
        message: `${versions}: fields that came with the last ${newer === 1 ? 'version' : `${newer} versions`} are dropped or refused, and kinds may be missing`,
        cure: 'Upgrade the destination, or look in the preview at what would land.',
      },
    ];
  }
  if (-newer <= WIDE_SKEW) return [];
  return [
    {
      severity: 'warning',
      reason: 'VersionSkew',
      cluster: destination.name,
      message: `${versions}, ${-newer} minor versions apart: defaults and features may differ`,
      cure: 'Read the release notes in between for what your applications use.',
    },
  ];
}
