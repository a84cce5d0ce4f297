import type { Form } from './namespace-forms.ts';

/** Fields of a kind that name a namespace: `Kind`, `Kind.group` or `*.group` -> form -> fields. */
type Fields = Partial<Record<Form, readonly string[]>>;

/**
 * Where objects name namespaces (rules 34 to 37), beside what has a transform of its own. In a field `[]` stands for any item of
 * a list, `*` for one field of any name, `**` for whatever.
 */
export const REFERENCE_FIELDS: Readonly<Record<string, Fields>> = {
  Service: { service: ['spec.externalName'] },
  ServiceAccount: { name: ['secrets[].namespace'] },
  Endpoints: { name: ['subsets[].*.targetRef.namespace'] },
  'EndpointSlice.discovery.k8s.io': { name: ['endpoints[].targetRef.namespace'] },
  PersistentVolume: { name: ['spec.**.namespace', 'spec.azureFile.secretNamespace'] },
  'StorageClass.storage.k8s.io': { name: ['parameters**secret-namespace**', 'parameters**ecretNamespace'] },
  'VolumeSnapshotClass.snapshot.storage.k8s.io': { name: ['parameters**secret-namespace**'] },
  // Metrics of elsewhere are picked by labels of their own; those that seem to name a namespace are reported.
  'HorizontalPodAutoscaler.autoscaling': {},
  'IngressClass.networking.k8s.io': { name: ['spec.parameters.namespace'] },
  '*.gateway.networking.k8s.io': { name: ['spec.**.namespace'] },
  '*.gateway.networking.x-k8s.io': { name: ['spec.**.namespace'] },
  '*.admissionregistration.k8s.io': { name: ['spec.paramRef.namespace'] },
  'FlowSchema.flowcontrol.apiserver.k8s.io': {
    name: ['spec.rules[].subjects[].serviceAccount.namespace', 'spec.rules[].resourceRules[].namespaces[]'],
    account: ['spec.rules[].subjects[].user.name', 'spec.rules[].subjects[].group.name'],
  },

  'SecurityContextConstraints.security.openshift.io': { account: ['users[]', 'groups[]'] },
  '*.build.openshift.io': { name: ['spec.**.namespace'] },
  '*.image.openshift.io': { name: ['spec.**.namespace'] },
  'DeploymentConfig.apps.openshift.io': { name: ['spec.triggers[].imageChangeParams.from.namespace'] },
  'OperatorGroup.operators.coreos.com': { name: ['spec.targetNamespaces[]'] },
  'Subscription.operators.coreos.com': { name: ['spec.sourceNamespace'] },

  'Certificate.cert-manager.io': { service: ['spec.dnsNames[]', 'spec.commonName'] },
  'SealedSecret.bitnami.com': { name: ['spec.template.metadata.namespace'] },
  'ClusterExternalSecret.external-secrets.io': { name: ['spec.namespaces[]'] },
  'ClusterSecretStore.external-secrets.io': { name: ['spec.conditions[].namespaces[]'] },
  'Prometheus.monitoring.coreos.com': { name: ['spec.alerting.alertmanagers[].namespace'] },
  'VirtualService.networking.istio.io': {
    name: ['spec.exportTo[]'],
    path: ['spec.gateways[]', 'spec.**.gateways[]'],
    service: ['spec.hosts[]', 'spec.**.host'],
  },
  'DestinationRule.networking.istio.io': { name: ['spec.exportTo[]'], service: ['spec.host'] },
  'ServiceEntry.networking.istio.io': { name: ['spec.exportTo[]'], service: ['spec.hosts[]'] },
  'Gateway.networking.istio.io': { 'path-to-service': ['spec.servers[].hosts[]'] },
  'Sidecar.networking.istio.io': { 'path-to-service': ['spec.egress[].hosts[]'] },
  'AuthorizationPolicy.security.istio.io': {
    name: ['spec.**.source.namespaces[]', 'spec.**.source.notNamespaces[]'],
    principal: ['spec.**.source.principals[]', 'spec.**.source.notPrincipals[]'],
    service: ['spec.**.operation.hosts[]'],
  },
  '*.traefik.io': { name: ['spec.**.namespace'] },
  '*.traefik.containo.us': { name: ['spec.**.namespace'] },
  '*.projectcontour.io': { name: ['spec.includes[].namespace'] },
  '*.cilium.io': { name: ['spec**.k8sService.namespace', 'spec**.k8sServiceSelector.namespace'] },
  '*.projectcalico.org': { calico: ['spec.namespaceSelector', 'spec.**.namespaceSelector'] },
  '*.crd.projectcalico.org': { calico: ['spec.namespaceSelector', 'spec.**.namespaceSelector'] },
  '*.metallb.io': { name: ['spec.serviceAllocation.namespaces[]'] },
  '*.kustomize.toolkit.fluxcd.io': { name: ['spec.targetNamespace', 'spec.dependsOn[].namespace'] },
  '*.helm.toolkit.fluxcd.io': { name: ['spec.targetNamespace', 'spec.storageNamespace', 'spec.dependsOn[].namespace'] },
  '*.notification.toolkit.fluxcd.io': { name: ['spec.eventSources[].namespace', 'spec.resources[].namespace'] },
  'AppProject.argoproj.io': { name: ['spec.sourceNamespaces[]'] },
  '*.kyverno.io': { name: ['spec.**.resources.namespaces[]'] },
  '*.constraints.gatekeeper.sh': { name: ['spec.match.namespaces[]', 'spec.match.excludedNamespaces[]'] },
  '*.velero.io': { name: ['spec.**cludedNamespaces[]'] },
};

/** How most custom resources refer to objects of other namespaces: `secretRef`, `sourceRef`, `targetRefs[]` and the like. */
export const REFERENCE_BY_CONVENTION = /(^|\.)([A-Za-z]+(Refs?|References?)|refs?|reference)(\[\])?\.namespace$/;

/** Annotations and labels of objects of any kind. */
export const REFERENCE_ENTRIES: Readonly<Record<string, Form>> = {
  'meta.helm.sh/release-namespace': 'name',
  'cert-manager.io/inject-ca-from': 'path',
  'cert-manager.io/inject-ca-from-secret': 'path',
  'nginx.ingress.kubernetes.io/auth-secret': 'path',
  'nginx.ingress.kubernetes.io/auth-tls-secret': 'path',
  'nginx.ingress.kubernetes.io/proxy-ssl-secret': 'path',
  'nginx.ingress.kubernetes.io/auth-proxy-set-headers': 'path',
  'nginx.ingress.kubernetes.io/custom-headers': 'path',
  'nginx.ingress.kubernetes.io/fastcgi-params-configmap': 'path',
  'haproxy.org/auth-secret': 'path',
  'haproxy.org/client-ca': 'path',
  'haproxy.org/server-ca': 'path',
  'haproxy.org/server-crt': 'path',
  'haproxy-ingress.github.io/auth-secret': 'path',
  'haproxy-ingress.github.io/auth-tls-secret': 'path',
  'haproxy-ingress.github.io/secure-crt-secret': 'path',
  'haproxy-ingress.github.io/secure-verify-ca-secret': 'path',
  'traefik.ingress.kubernetes.io/router.middlewares': 'traefik',
  'traefik.ingress.kubernetes.io/router.tls.options': 'traefik',
  'traefik.ingress.kubernetes.io/service.serverstransport': 'traefik',
  'projectcontour.io/tls-cert-namespace': 'name',
  'reflector.v1.k8s.emberstack.com/reflects': 'path',
  'reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces': 'names',
  'reflector.v1.k8s.emberstack.com/reflection-auto-namespaces': 'names',
  'replicator.v1.mittwald.de/replicate-from': 'path',
  'replicator.v1.mittwald.de/replicate-to': 'names',
  'networking.istio.io/exportTo': 'names',
  'olm.operatorNamespace': 'name',
  'olm.targetNamespaces': 'names',
  'kustomize.toolkit.fluxcd.io/namespace': 'name',
  'helm.toolkit.fluxcd.io/namespace': 'name',
};
