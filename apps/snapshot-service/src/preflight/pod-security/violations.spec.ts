import { expect, test } from '@jest/globals';
import { reducePodSpec } from '../facts/pod-spec.ts';
import { policyOf, violations } from './violations.ts';

const hardened = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

function pod(spec: object, container: object = {}, annotations: Record<string, string> = {}) {
  const main = { name: 'main', image: 'nginx:1.29', ...container };
  return { spec: reducePodSpec({ containers: [main], ...spec }), annotations };
}

const baseline = { level: 'baseline', minor: 34 } as const;
const restricted = { level: 'restricted', minor: 34 } as const;

test('policies are read from labels; what is no level counts as the strictest', () => {
  const enforce = 'pod-security.kubernetes.io/enforce';
  expect(policyOf({})).toMatchObject({ level: 'privileged' });
  expect(policyOf({ [enforce]: 'baseline', [`${enforce}-version`]: 'v1.27' }, 34)).toEqual({ level: 'baseline', minor: 27 });
  expect(policyOf({ [enforce]: 'restricted', [`${enforce}-version`]: 'latest' }, 34)).toEqual({ level: 'restricted', minor: 34 });
  expect(policyOf({ [enforce]: 'resricted' }).level).toBe('restricted');
});

test('an ordinary pod is admitted by baseline, a hardened one by restricted', () => {
  const volumes = [
    { name: 'tmp', emptyDir: {} },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'plain' },
  ];
  expect(violations(pod({ volumes }), baseline)).toEqual([]);
  expect(violations(pod({ volumes }, { securityContext: hardened }), restricted)).toEqual([]);
});

test.each([
  ['hostNetwork', { hostNetwork: true }, {}, 'uses hostNetwork'],
  ['hostPID', { hostPID: true }, {}, 'uses hostPID'],
  ['hostPath', { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] }, {}, 'mounts hostPath volume logs'],
  ['a host port', {}, { ports: [{ containerPort: 80, hostPort: 80 }] }, 'uses a hostPort (container main)'],
  ['privileged', {}, { securityContext: { privileged: true } }, 'is privileged (container main)'],
  ['a capability', {}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }, 'adds capabilities (container main)'],
  ['unmasked proc', {}, { securityContext: { procMount: 'Unmasked' } }, 'unmasks /proc (container main)'],
  ['seccomp', { securityContext: { seccompProfile: { type: 'Unconfined' } } }, {}, 'is not confined by seccomp (pod)'],
  [
    'AppArmor',
    {},
    { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    'is not confined by AppArmor (container main)',
  ],
  ['SELinux', { securityContext: { seLinuxOptions: { type: 'spc_t' } } }, {}, 'sets SELinux options (pod)'],
  ['a sysctl', { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }, {}, 'sets sysctl kernel.msgmax'],
  ['a host process', { securityContext: { windowsOptions: { hostProcess: true } } }, {}, 'runs as a host process (pod)'],
  [
    'a probe of another host',
    {},
    { livenessProbe: { httpGet: { host: '10.0.0.1', port: 80 } } },
    'names a host in its probes or lifecycle hooks (container main)',
  ],
])('baseline forbids %s', (_name, spec, container, violation) => {
  expect(violations(pod(spec, container), baseline)).toEqual([violation]);
});

test('baseline looks at init and ephemeral containers, and at AppArmor’s old annotations', () => {
  const helper = { name: 'setup', securityContext: { privileged: true } };
  expect(violations(pod({ initContainers: [helper] }), baseline)).toEqual(['is privileged (container setup)']);
  expect(violations(pod({ ephemeralContainers: [helper] }), baseline)).toEqual(['is privileged (container setup)']);
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' };
  expect(violations(pod({}, {}, annotations), baseline)).toEqual(['has the AppArmor profile unconfined']);
});

test.each([
  [
    'a volume of another type',
    { volumes: [{ name: 'nfs', nfs: { server: 's', path: '/' } }] },
    {},
    'mounts volume nfs, which is none of the types allowed',
  ],
  [
    'privilege escalation',
    {},
    { allowPrivilegeEscalation: undefined },
    'does not set allowPrivilegeEscalation to false (container main)',
  ],
  ['root', {}, { runAsNonRoot: false }, 'does not set runAsNonRoot (container main)'],
  ['user 0', {}, { runAsUser: 0 }, 'runs as user 0 (container main)'],
  [
    'no seccomp',
    {},
    { seccompProfile: undefined },
    'does not set seccompProfile to RuntimeDefault or Localhost (container main)',
  ],
  ['kept capabilities', {}, { capabilities: { drop: ['NET_RAW'] } }, 'does not drop all capabilities (container main)'],
])('restricted forbids %s', (_name, spec, context, violation) => {
  expect(violations(pod(spec, { securityContext: { ...hardened, ...context } }), restricted)).toEqual([violation]);
});

test('the pod’s own context counts for containers that say nothing', () => {
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const { allowPrivilegeEscalation, capabilities } = hardened;
  expect(
    violations(pod({ securityContext }, { securityContext: { allowPrivilegeEscalation, capabilities } }), restricted),
  ).toEqual([]);
});

test('a pinned version knows neither later controls nor later exceptions', () => {
  const probing = pod({}, { livenessProbe: { tcpSocket: { host: '10.0.0.1', port: 80 } } });
  expect(violations(probing, { level: 'baseline', minor: 33 })).toEqual([]);
  const tuned = pod({ securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '10' }] } });
  expect(violations(tuned, { level: 'baseline', minor: 28 })).toEqual(['sets sysctl net.ipv4.tcp_fin_timeout']);
  expect(violations(tuned, { level: 'baseline', minor: 29 })).toEqual([]);
  const windows = pod({ os: { name: 'windows' } }, { securityContext: { runAsNonRoot: true } });
  expect(violations(windows, restricted)).toEqual([]);
});
