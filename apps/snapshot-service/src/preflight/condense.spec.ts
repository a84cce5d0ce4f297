import type { Finding } from '@godwit/contracts/findings';
import { expect, test } from '@jest/globals';
import { condense } from './condense.ts';

const finding = (severity: Finding['severity'], reason: string, object: string): Finding => ({
  severity,
  reason,
  object,
  message: 'm',
  cluster: 'to',
});

test('errors come first, and few findings are all told', () => {
  const findings = [finding('note', 'A', 'x'), finding('error', 'B', 'y'), finding('warning', 'C', 'z')];
  expect(condense(findings).map(({ reason }) => reason)).toEqual(['B', 'C', 'A']);
});

test('of many of one kind the rest is told in a sentence', () => {
  const many = Array.from({ length: 100 }, (_, index) => finding('warning', 'HostPathUsed', `Deployment shop/w${index}`));
  const condensed = condense([...many, finding('error', 'NodePortTaken', 'Service shop/web')]);
  expect(condensed).toHaveLength(22);
  expect(condensed[0]?.reason).toBe('NodePortTaken');
  expect(condensed.at(-1)).toMatchObject({
    severity: 'warning',
    reason: 'HostPathUsed',
    message: expect.stringMatching(/^80 more findings like these: Deployment shop\/w20, .*, and 60 more$/),
  });
});
