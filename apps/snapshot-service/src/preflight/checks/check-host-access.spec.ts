import { expect, test } from '@jest/globals';
import { buildFacts, workload } from '../testing/build-facts.ts';
import { checkHostAccess } from './check-host-access.ts';

test('files and ports of a node are warnings, each with what is used', () => {
  const agent = workload({
    volumes: [
      { name: 'logs', hostPath: { path: '/var/log/shop' } },
      { name: 'tmp', emptyDir: {} },
    ],
    containers: [{ name: 'main', image: 'agent:1', ports: [{ containerPort: 9100, hostPort: 9100 }, { containerPort: 80 }] }],
  });
  expect(checkHostAccess(buildFacts({ source: { workloads: [agent, workload({}, { name: 'api' })] } }))).toMatchObject([
    {
      severity: 'warning',
      reason: 'HostPathUsed',
      object: 'Deployment shop/web',
      message: expect.stringContaining('/var/log/shop'),
    },
    { severity: 'warning', reason: 'HostPortUsed', object: 'Deployment shop/web', message: expect.stringContaining('port 9100') },
  ]);
});
