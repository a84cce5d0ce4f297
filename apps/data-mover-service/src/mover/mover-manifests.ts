import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { MOVER_CONFIG_DIR, MOVER_CONFIG_FILE, MOVER_VOLUME_PATH, type MoverConfig } from '@godwit/contracts/mover-protocol';
import { temporaryLabels } from '@godwit/contracts/run-labels';

export const MOVER_CONTAINER = 'mover';
/** Time to close what is open when asked to stop. */
const GRACE_SECONDS = 5;
/** The engine stays below 200 MB whatever the volume; the rest is for the runtime. */
const MEMORY_LIMIT = '512Mi';

/** What a mover must be allowed to be root of: owners, modes, and files that others may not read. All else is dropped. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD', 'SETFCAP'];

/** What a mover mounts, and where. */
export interface MoverMount {
  /** Claim in our namespace. */
  claimName: string;
  /** Nothing is written to it, not even by mounting it. */
  readOnly?: boolean;
  /** The only nodes where it can be mounted, as it is attached there; else any to which the scheduler finds its way. */
  nodes?: readonly string[];
}

export interface MoverRequest {
  runId: string;
  stepName: 'copy-volume' | 'restore-volume';
  volumeId: string;
  image: string;
  mount: MoverMount;
  config: MoverConfig;
}

export function moverName(volumeId: string, action: MoverConfig['action']): string {
  return `godwit-${action}-${volumeId}`;
}

/** All that the mover may know, secrets included; it sees nothing else of the cluster. */
export function buildMoverSecret(request: MoverRequest): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(request),
    type: 'Opaque',
    stringData: { [MOVER_CONFIG_FILE]: JSON.stringify(request.config) },
  };
}

export function buildMoverPod(request: MoverRequest): KubernetesObject {
  const isBlock = request.config.volume.mode === 'Block';
  const name = moverName(request.volumeId, request.config.action);
  const { claimName, readOnly = false, nodes = [] } = request.mount;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(request),
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
      // A mover goes where its volume can be mounted.
      tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
      ...(nodes.length > 0 ? { affinity: affinityTo(nodes) } : {}),
      containers: [
        {
          name: MOVER_CONTAINER,
          image: request.image,
          imagePullPolicy: 'IfNotPresent',
          terminationMessagePolicy: 'File',
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: MEMORY_LIMIT } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'], add: CAPABILITIES },
          },
          volumeMounts: [
            { name: 'config', mountPath: MOVER_CONFIG_DIR, readOnly: true },
            ...(isBlock ? [] : [{ name: 'volume', mountPath: MOVER_VOLUME_PATH, readOnly }]),
          ],
          ...(isBlock ? { volumeDevices: [{ name: 'volume', devicePath: MOVER_VOLUME_PATH }] } : {}),
        },
      ],
      volumes: [
        { name: 'config', secret: { secretName: name, defaultMode: 0o400 } },
        { name: 'volume', persistentVolumeClaim: { claimName, readOnly } },
      ],
    },
  };
}

/** By the nodes' own names: their labels may say anything. The scheduler still sees to room and volumes. */
function affinityTo(nodes: readonly string[]): object {
  const nodeSelectorTerms = nodes.map((node) => ({
    matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }],
  }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

function metadataOf({ runId, stepName, volumeId, config }: MoverRequest) {
  return {
    name: moverName(volumeId, config.action),
    namespace: GODWIT_NAMESPACE,
    labels: temporaryLabels(runId, stepName, volumeId),
  };
}
