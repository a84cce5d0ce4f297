import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { findingOn, keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';

/** Far more than an object of a cluster unpacks to, and little enough to hold. */
const LARGEST_RELEASE = 64 * 2 ** 20;

/** What Helm keeps of an installed chart, as far as it names its namespace. */
interface Release {
  name?: string;
  namespace?: string;
  manifest?: string;
  hooks?: { manifest?: string }[];
}

/**
 * Lets Helm find a release in its renamed namespace. Helm keeps each revision packed in a Secret (or ConfigMap); the namespace
 * noted in it is the one that `helm list` shows and in which `helm upgrade` renders the chart, and the manifest noted in it says
 * what `helm uninstall` deletes and what an upgrade compares with. Values that people gave the chart stay as they are.
 */
export function renameHelmRelease(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const isInSecret = isKind(object, 'Secret') && object.type === 'helm.sh/release.v1';
  const isInConfigMap = isKind(object, 'ConfigMap') && object.metadata.labels?.owner === 'helm';
  const data = object.data as { release?: string } | undefined;
  if ((!isInSecret && !isInConfigMap) || !data?.release) return keep(object);
  const text = isInSecret ? Buffer.from(data.release, 'base64').toString('latin1') : data.release;
  const release = unpack(text);
  if (!release) return keep(object, [unreadable(object)]);
  const followed = follow(release, namespaces);
  if (followed.namespace === release.namespace && followed.manifest === release.manifest) return keep(object);
  const packed = pack(followed);
  const renamedData = { ...data, release: isInSecret ? Buffer.from(packed, 'latin1').toString('base64') : packed };
  return keep({ ...object, data: renamedData }, [renamedFinding(object, release, followed)]);
}

function unpack(text: string): Release | undefined {
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: LARGEST_RELEASE }).toString('utf8')) as Release;
  } catch {
    return undefined;
  }
}

function pack(release: Release): string {
  return gzipSync(JSON.stringify(release)).toString('base64');
}

function follow(release: Release, namespaces: NamespaceMap): Release {
  const { namespace, manifest, hooks } = release;
  return {
    ...release,
    ...(namespace !== undefined && { namespace: renamed(namespace, namespaces) }),
    ...(manifest !== undefined && { manifest: followManifest(manifest, namespaces) }),
    ...(hooks && {
      hooks: hooks.map((hook) =>
        hook.manifest === undefined ? hook : { ...hook, manifest: followManifest(hook.manifest, namespaces) },
      ),
    }),
  };
}

/** In what a chart renders, each line `namespace: shop` is an object's namespace or a reference to one. */
function followManifest(manifest: string, namespaces: NamespaceMap): string {
  return manifest.replace(
    /^([ \t-]*namespace:[ \t]*(["']?))([a-z0-9-]+)(?=\2[ \t]*$)/gm,
    (_, before: string, _quote, namespace: string) => before + renamed(namespace, namespaces),
  );
}

function renamedFinding(object: KubernetesObject, { name, namespace = '' }: Release, followed: Release) {
  return findingOn(
    object,
    'note',
    'HelmReleaseRenamed',
    `Helm's record of release ${name} now names namespace ${followed.namespace} instead of ${namespace}; the values given to the chart ` +
      'are as they were.',
    `If the values name ${namespace}, correct them with the next helm upgrade --namespace ${followed.namespace}.`,
  );
}

function unreadable(object: KubernetesObject) {
  return findingOn(
    object,
    'warning',
    'HelmReleaseUnreadable',
    "It is called a release of Helm's but cannot be read as one, so it is copied as it is.",
    'Install the chart anew on the destination if Helm does not find its release there.',
  );
}
