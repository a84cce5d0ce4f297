import { expect, test } from '@jest/globals';
import { resourcesSection } from './resources-section.ts';

test('each tool has a line with its rate', () => {
  const section = resourcesSection({
    measurements: [{ set: 'mixed', measuredAt: '2026-01-02T03:04:05.000Z', machine: 'a machine', tools: { godwit: 'ours' } }],
    rows: [
      { set: 'mixed', phase: 'apply', tool: 'godwit', objects: 10_011, seconds: 20.022, cpuSeconds: 9, peakMb: 250 },
      { set: 'mixed', phase: 'apply', tool: 'kubectl-ssa', objects: 10_011, seconds: 200.22, cpuSeconds: 30, peakMb: 300 },
    ],
  });
  expect(section).toContain('Measured 2026-01-02 on a machine.\n\n- **Godwit**: ours');
  expect(section).toContain('| **Godwit** | 10,011 | 20.0 | 500 | 9.00 | 250 |');
  expect(section).toContain('| kubectl apply --server-side | 10,011 | 200 | 50 | 30.0 | 300 |');
});
