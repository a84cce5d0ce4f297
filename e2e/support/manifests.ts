/** Small applications for tests. Pods end at once and ask for next to nothing. */

const RESOURCES = { requests: { cpu: '10m', memory: '16Mi' } };

export function namespace(name: string, labels: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function configMap(ns: string, name: string, data: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: ns, name }, data };
}

export function claim(ns: string, name: string, storageClassName = 'standard', storage = '64Mi', volumeMode = 'Filesystem') {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: ns, name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, volumeMode, resources: { requests: { storage } } },
  };
}

/** A pod template of busybox that sleeps, with claims mounted at /NAME. */
function template(app: string, claims: string[], extra: object = {}) {
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: 'busybox:1',
          command: ['sleep', 'inf'],
          resources: RESOURCES,
          volumeMounts: claims.map((name) => ({ name, mountPath: `/${name}` })),
        },
      ],
      volumes: claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
      ...extra,
    },
  };
}

/** A pod that runs a script once, with claims mounted at /NAME. */
export function script(ns: string, name: string, claims: string[], command: string) {
  const { spec } = template(name, claims, { restartPolicy: 'Never' });
  const containers = spec.containers.map((container) => ({ ...container, command: ['sh', '-c', command] }));
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: ns, name }, spec: { ...spec, containers } };
}

export function deployment(ns: string, name: string, claims: string[] = [], extra: object = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: ns, name },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: name } },
      template: template(name, claims, extra),
    },
  };
}

/** With a claim template `data`. */
export function statefulSet(ns: string, name: string, replicas: number, storageClassName = 'standard') {
  const { spec, metadata } = template(name, ['data']);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: ns, name },
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: name } },
      template: { metadata, spec: { ...spec, volumes: [] } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '64Mi' } } },
        },
      ],
    },
  };
}

export function service(ns: string, name: string, spec: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: ns, name },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  };
}

/** A volume that an administrator made by hand, and its claim. */
export function staticVolume(name: string, ns: string, claimName: string, storageClassName: string, source: object) {
  const accessModes = ['ReadWriteMany'];
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        accessModes,
        capacity: { storage: '64Mi' },
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName,
        claimRef: { namespace: ns, name: claimName },
        ...source,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace: ns, name: claimName },
      spec: { accessModes, storageClassName, volumeName: name, resources: { requests: { storage: '64Mi' } } },
    },
  ];
}
