import { type Control, containersThat, contextsThat } from './control.ts';

const ADDABLE = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Safe sysctls, and the minor version since which they count as safe. */
const SAFE_SYSCTLS: Readonly<Record<string, number>> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
};

const SELINUX_TYPES: Readonly<Record<string, number>> = {
  '': 0,
  container_t: 0,
  container_init_t: 0,
  container_kvm_t: 0,
  container_engine_t: 31,
};

const isKnown = (table: Readonly<Record<string, number>>, name: string, minor: number) =>
  Object.hasOwn(table, name) && (table[name] as number) <= minor;

/** The controls of the level "baseline" (Kubernetes Pod Security Standards). */
export const BASELINE: readonly Control[] = [
  {
    since: 0,
    violations: (pod) =>
      contextsThat(pod, ({ windowsOptions }) => windowsOptions?.hostProcess === true, 'runs as a host process'),
  },
  {
    since: 0,
    violations: ({ spec }) =>
      (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]).map((field) => `uses ${field}`),
  },
  {
    since: 0,
    violations: (pod) => containersThat(pod, ({ securityContext }) => securityContext?.privileged === true, 'is privileged'),
  },
  {
    since: 0,
    violations: (pod) =>
      containersThat(
        pod,
        ({ securityContext }) => (securityContext?.capabilities?.add ?? []).some((name) => !ADDABLE.has(name)),
        'adds capabilities',
      ),
  },
  {
    since: 0,
    violations: ({ spec }) =>
      (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => `mounts hostPath volume ${name}`),
  },
  {
    since: 0,
    violations: (pod) => containersThat(pod, ({ ports }) => (ports ?? []).some(({ hostPort }) => hostPort), 'uses a hostPort'),
  },
  {
    since: 34,
    violations: (pod) =>
      containersThat(pod, ({ handlerHosts }) => handlerHosts !== undefined, 'names a host in its probes or lifecycle hooks'),
  },
  {
    since: 0,
    violations: (pod) => [
      ...contextsThat(pod, ({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined', 'is not confined by AppArmor'),
      ...Object.values(pod.annotations)
        .filter((profile) => profile !== '' && profile !== 'runtime/default' && !profile.startsWith('localhost/'))
        .map((profile) => `has the AppArmor profile ${profile}`),
    ],
  },
  {
    since: 0,
    violations: (pod, minor) =>
      contextsThat(
        pod,
        ({ seLinuxOptions: { type = '', user = '', role = '' } = {} }) =>
          user !== '' || role !== '' || !isKnown(SELINUX_TYPES, type, minor),
        'sets SELinux options',
      ),
  },
  {
    since: 0,
    violations: (pod) =>
      containersThat(pod, ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default', 'unmasks /proc'),
  },
  {
    since: 19,
    violations: (pod) =>
      contextsThat(pod, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined', 'is not confined by seccomp'),
  },
  {
    since: 0,
    violations: ({ spec }, minor) =>
      (spec.securityContext?.sysctls ?? [])
        .filter(({ name }) => !isKnown(SAFE_SYSCTLS, name, minor))
        .map(({ name }) => `sets sysctl ${name}`),
  },
];
