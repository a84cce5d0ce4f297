import type { PodSpec } from '../facts/pod-spec.ts';
import { type Control, containersThat, contextsThat } from './control.ts';

const VOLUME_TYPES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const SECCOMP_TYPES = ['RuntimeDefault', 'Localhost'];

/** Since 1.25 what only Linux has is not asked of pods that say they are for Windows. */
function isExempt({ os }: PodSpec, minor: number): boolean {
  return os?.name === 'windows' && minor >= 25;
}

/** The controls that the level "restricted" has beside those of "baseline". */
export const RESTRICTED: readonly Control[] = [
  {
    since: 0,
    violations: ({ spec }) =>
      (spec.volumes ?? [])
        // A volume without a source is an emptyDir.
        .filter((volume) => Object.keys(volume).some((field) => field !== 'name' && !VOLUME_TYPES.includes(field)))
        .map(({ name }) => `mounts volume ${name}, which is none of the types allowed`),
  },
  {
    since: 8,
    violations: (pod, minor) =>
      isExempt(pod.spec, minor)
        ? []
        : containersThat(
            pod,
            ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
            'does not set allowPrivilegeEscalation to false',
          ),
  },
  {
    since: 0,
    violations: (pod) =>
      containersThat(
        pod,
        ({ securityContext }) => (securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot) !== true,
        'does not set runAsNonRoot',
      ),
  },
  {
    since: 23,
    violations: (pod) => contextsThat(pod, ({ runAsUser }) => runAsUser === 0, 'runs as user 0'),
  },
  {
    since: 19,
    violations: (pod, minor) =>
      isExempt(pod.spec, minor)
        ? []
        : containersThat(
            pod,
            ({ securityContext }) => {
              const profile = securityContext?.seccompProfile ?? pod.spec.securityContext?.seccompProfile;
              return !SECCOMP_TYPES.includes(profile?.type ?? '');
            },
            'does not set seccompProfile to RuntimeDefault or Localhost',
          ),
  },
  {
    since: 22,
    violations: (pod, minor) =>
      isExempt(pod.spec, minor)
        ? []
        : containersThat(
            pod,
            ({ securityContext }) => {
              const { add = [], drop = [] } = securityContext?.capabilities ?? {};
              return !drop.includes('ALL') || add.some((name) => name !== 'NET_BIND_SERVICE');
            },
            'does not drop all capabilities',
          ),
  },
];
