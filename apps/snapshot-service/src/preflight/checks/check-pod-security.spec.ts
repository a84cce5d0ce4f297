import { expect, test } from '@jest/globals';
import { buildFacts, namespacesOf, workload } from '../testing/build-facts.ts';
import { checkPodSecurity } from './check-pod-security.ts';

const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
const store = (labels: Record<string, string>) => namespacesOf({ metadata: { name: 'store', labels } });
const shop = (labels: Record<string, string>) => namespacesOf({ metadata: { name: 'shop', labels } });
const root = [workload({})];

test('without a level everything is admitted', () => {
  expect(checkPodSecurity(buildFacts({ source: { workloads: [workload({ hostNetwork: true })] } }))).toEqual([]);
});

test('a level of the namespace that is there refuses, and says what and what to do', () => {
  const facts = buildFacts({ source: { workloads: root }, destination: { namespaces: store(enforce('restricted')) } });
  expect(checkPodSecurity(facts)).toMatchObject([
    {
      severity: 'error',
      reason: 'PodSecurityRefuses',
      cluster: 'to',
      object: 'Deployment shop/web',
      message: expect.stringMatching(
        /namespace store enforces the Pod Security level "restricted".*does not set runAsNonRoot \(container main\)/,
      ),
      cure: expect.stringContaining('store'),
    },
  ]);
});

test('what the source refuses as well is a warning', () => {
  const source = { workloads: root, namespaces: shop(enforce('restricted')) };
  expect(checkPodSecurity(buildFacts({ source }))).toMatchObject([{ severity: 'warning', reason: 'PodSecurityRefuses' }]);
});

test('a namespace that is there keeps its level, even where objects are overwritten', () => {
  const options = {
    source: { workloads: root, namespaces: shop(enforce('privileged')) },
    destination: { namespaces: store(enforce('restricted')) },
  };
  expect(checkPodSecurity(buildFacts(options))).toHaveLength(1);
  expect(checkPodSecurity(buildFacts({ ...options, definition: { transforms: { overwriteExisting: true } } }))).toHaveLength(1);
});

test('our own namespace must admit movers', () => {
  const [workspace] = namespacesOf({ metadata: { name: 'godwit-system', labels: enforce('restricted') } }).values();
  expect(checkPodSecurity(buildFacts({ source: { workspace } }))).toMatchObject([
    { severity: 'error', reason: 'MoverRefused', cluster: 'from', object: 'Namespace godwit-system' },
  ]);
});
