import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { findingOn, keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { stringsOf } from './walk-manifest.ts';

/** A Service's DNS name within a text. */
const SERVICE_NAME = /(?<![\w.-])(?:[a-z0-9_-]{1,63}\.){1,4}([a-z0-9-]{1,63})\.svc(?![\w-])/g;

/** kubectl's note of what it applied last: no program follows the names in it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Tells of Service names in free text (environment, arguments, configuration) that lead to a renamed namespace (rule 36). Only
 * people can know whether such a text may be changed. Of Secrets only the place is told.
 */
export function reportNamespaceMentions(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const isSecret = isKind(object, 'Secret');
  const findings: Finding[] = [];
  for (const { path, text } of stringsOf(withoutLastApplied(object))) {
    const isEncoded = path.startsWith('binaryData') || (isSecret && path.startsWith('data'));
    const names = renamedNamesIn(isEncoded ? Buffer.from(text, 'base64').toString('latin1') : text, namespaces);
    if (names.length > 0) findings.push(mention(object, path, isSecret ? [] : names));
  }
  return keep(object, findings);
}

function withoutLastApplied(object: KubernetesObject): KubernetesObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function renamedNamesIn(text: string, namespaces: NamespaceMap): string[] {
  if (!text.includes('.svc')) return [];
  const hits = [...text.matchAll(SERVICE_NAME)].filter(([, namespace = '']) => renamed(namespace, namespaces) !== namespace);
  return [...new Set(hits.map(([name]) => name))];
}

function mention(object: KubernetesObject, path: string, names: string[]) {
  return findingOn(
    object,
    'warning',
    'NamespaceInText',
    names.length > 0
      ? `${path} names ${names.join(', ')}, whose namespace is renamed; the text is copied as it is.`
      : `${path} names a Service whose namespace is renamed; the text is copied as it is.`,
    'Change the text on the destination if it has to lead to the renamed namespace.',
  );
}
