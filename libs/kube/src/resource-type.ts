/** A kind as an API server serves it. */
export interface ResourceType {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  shortNames: string[];
  verbs: string[];
}

export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group ? `${type.group}/${type.version}` : type.version;
}

/** The path of a list (no name) or of an object. */
export function resourcePath(type: ResourceType, namespace?: string, name?: string): string {
  const root = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`;
  const scope = type.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${type.plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
}

function define(group: string, version: string, kind: string, plural: string, namespaced: boolean): ResourceType {
  return { group, version, kind, plural, namespaced, shortNames: [], verbs: [] };
}

/** The kinds that the product itself handles; all others come from discovery. */
export const NAMESPACE = define('', 'v1', 'Namespace', 'namespaces', false);
export const NODE = define('', 'v1', 'Node', 'nodes', false);
export const POD = define('', 'v1', 'Pod', 'pods', true);
export const SECRET = define('', 'v1', 'Secret', 'secrets', true);
export const SERVICE = define('', 'v1', 'Service', 'services', true);
export const EVENT = define('', 'v1', 'Event', 'events', true);
export const PERSISTENT_VOLUME_CLAIM = define('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', true);
export const PERSISTENT_VOLUME = define('', 'v1', 'PersistentVolume', 'persistentvolumes', false);
export const ENDPOINT_SLICE = define('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', true);
export const STORAGE_CLASS = define('storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', false);
export const VOLUME_ATTACHMENT = define('storage.k8s.io', 'v1', 'VolumeAttachment', 'volumeattachments', false);
export const CUSTOM_RESOURCE_DEFINITION = define(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);
export const VOLUME_SNAPSHOT = define('snapshot.storage.k8s.io', 'v1', 'VolumeSnapshot', 'volumesnapshots', true);
export const VOLUME_SNAPSHOT_CONTENT = define(
  'snapshot.storage.k8s.io',
  'v1',
  'VolumeSnapshotContent',
  'volumesnapshotcontents',
  false,
);
export const VOLUME_SNAPSHOT_CLASS = define(
  'snapshot.storage.k8s.io',
  'v1',
  'VolumeSnapshotClass',
  'volumesnapshotclasses',
  false,
);
export const SELF_SUBJECT_ACCESS_REVIEW = define(
  'authorization.k8s.io',
  'v1',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
  false,
);
