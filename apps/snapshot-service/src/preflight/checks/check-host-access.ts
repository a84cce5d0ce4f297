import type { Finding } from '@godwit/contracts/findings';
import { allContainers } from '../facts/pod-spec.ts';
import { type Check, someOf } from './check.ts';

/** Pods that lean on the node itself: its files do not move, and its ports may be taken. */
export const checkHostAccess: Check = ({ source, destination }) =>
  source.workloads.flatMap(({ object, spec }): Finding[] => {
    const paths = (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath as { path?: string } | undefined)?.path ?? []);
    const ports = allContainers(spec).flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? []));
    const finding = { severity: 'warning', cluster: destination.name, object } as const;
    return [
      ...(paths.length > 0
        ? [
            {
              ...finding,
              reason: 'HostPathUsed',
              message: `it mounts ${someOf(paths)} of its node, and what lies there is not moved`,
              cure: 'Put the data on the nodes of the destination, or into a PersistentVolumeClaim.',
            },
          ]
        : []),
      ...(ports.length > 0
        ? [
            {
              ...finding,
              reason: 'HostPortUsed',
              message: `it takes port ${someOf(ports.map(String))} of its node: where that is taken, its pod waits`,
              cure: 'See that the port is free on the nodes of the destination.',
            },
          ]
        : []),
    ];
  });
