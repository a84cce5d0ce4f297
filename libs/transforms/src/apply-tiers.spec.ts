import { expect, test } from '@jest/globals';
import { APPLY_TIERS, applyTier } from './apply-tiers.ts';

const tierOf = (apiVersion: string, kind: string) => APPLY_TIERS[applyTier({ apiVersion, kind })]?.name;

test.each([
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'custom-resource-definitions'],
  ['v1', 'Namespace', 'namespaces'],
  ['scheduling.k8s.io/v1', 'PriorityClass', 'classes'],
  ['networking.k8s.io/v1', 'IngressClass', 'classes'],
  ['gateway.networking.k8s.io/v1', 'GatewayClass', 'classes'],
  ['storage.k8s.io/v1', 'VolumeAttributesClass', 'classes'],
  ['flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', 'classes'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'roles'],
  ['v1', 'ServiceAccount', 'service-accounts'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'role-bindings'],
  ['v1', 'Secret', 'configuration'],
  ['v1', 'LimitRange', 'configuration'],
  ['v1', 'PersistentVolume', 'volumes'],
  ['v1', 'PersistentVolumeClaim', 'claims'],
  ['cert-manager.io/v1', 'Certificate', 'custom-resources'],
  ['monitoring.coreos.com/v1', 'ServiceMonitor', 'custom-resources'],
  ['v1', 'Service', 'services'],
  ['discovery.k8s.io/v1', 'EndpointSlice', 'services'],
  ['monitoring.coreos.com/v1', 'Prometheus', 'custom-workloads'],
  ['serving.knative.dev/v1', 'Service', 'custom-workloads'],
  ['unheard.of/v1', 'Thing', 'custom-workloads'],
  ['apps/v1', 'Deployment', 'workloads'],
  ['batch/v1', 'CronJob', 'workloads'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'traffic-and-scaling'],
  ['policy/v1', 'PodDisruptionBudget', 'traffic-and-scaling'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'traffic-and-scaling'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'traffic-and-scaling'],
  ['v1', 'ResourceQuota', 'quotas'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'admission'],
  ['apiregistration.k8s.io/v1', 'APIService', 'admission'],
])('%s %s goes with %s', (apiVersion, kind, tier) => {
  expect(tierOf(apiVersion, kind)).toBe(tier);
});

test('all that may start a pod, and all that comes after it, waits for the volumes', () => {
  const first = APPLY_TIERS.findIndex(({ waitsForVolumes }) => waitsForVolumes);
  expect(APPLY_TIERS[first]?.name).toBe('custom-workloads');
  expect(APPLY_TIERS.slice(first).every(({ waitsForVolumes }) => waitsForVolumes)).toBe(true);
});

test('no kind is named by two tiers', () => {
  const kinds = APPLY_TIERS.flatMap((tier) => tier.kinds);
  expect(new Set(kinds).size).toBe(kinds.length);
});
