import { expect, test } from '@jest/globals';
import { describeTaken, takenNodePorts } from './node-port-conflict.ts';

test('the ports are read from what the API server says', () => {
  expect(
    takenNodePorts(
      'Service "web" is invalid: [spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated, ' +
        'spec.ports[1].nodePort: Invalid value: 30443: provided port is already allocated]',
    ),
  ).toEqual([30080, 30443]);
  expect(
    takenNodePorts(
      'Internal error occurred: failed to allocate requested HealthCheck NodePort 31000: provided port is already allocated',
    ),
  ).toEqual([31000]);
  expect(
    takenNodePorts(
      'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range',
    ),
  ).toEqual([]);
});

test('the owner of each port is named', () => {
  const service = (namespace: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    spec,
  });
  const services = [
    service('a', {}),
    service('b', { ports: [{}, { nodePort: 30080 }] }),
    service('c', { healthCheckNodePort: 31000 }),
  ];
  const told = describeTaken([30080, 31000, 30443], services);
  expect(told).toContain('node port 30080 belongs to Service b/web on the destination');
  expect(told).toContain('node port 31000 belongs to Service c/web');
  expect(told).toContain('node port 30443 belongs to a Service that is not there any more');
  expect(told).toContain('another port');
});
