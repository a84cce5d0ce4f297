import { expect, test } from '@jest/globals';
import { reducePodSpec, requestsOf } from './pod-spec.ts';

const asking = (cpu: string, more: object = {}) => ({ name: 'c', resources: { requests: { cpu } }, ...more });

test('environments, arguments and probes are dropped', () => {
  const container = {
    name: 'web',
    image: 'nginx',
    env: [{ name: 'PASSWORD', value: 'secret' }],
    args: ['--token=secret'],
    volumeMounts: [],
  };
  const reduced = reducePodSpec({ containers: [container], nodeName: 'n1', terminationGracePeriodSeconds: 30 });
  expect(reduced).toEqual({ containers: [{ name: 'web', image: 'nginx' }] });
});

test('requests are counted as the scheduler counts them', () => {
  const of = (spec: object) => requestsOf(reducePodSpec(spec as Record<string, unknown>)).cpu;
  expect(of({ containers: [asking('500m'), asking('250m')] })).toBe(0.75);
  expect(of({ containers: [asking('500m')], initContainers: [asking('2')] })).toBe(2);
  expect(of({ containers: [asking('500m')], initContainers: [asking('1', { restartPolicy: 'Always' }), asking('2')] })).toBe(3);
  expect(of({ containers: [asking('500m')], overhead: { cpu: '250m' } })).toBe(0.75);
  expect(of({ containers: [{ name: 'c', resources: { limits: { cpu: '1' } } }] })).toBe(1);
});
