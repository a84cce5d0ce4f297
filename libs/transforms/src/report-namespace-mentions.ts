import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { renamed } from './renamed.ts';
import { findingOn, keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { stringsOf } from './walk-manifest.ts';

/** A Service's DNS name within a text. */
const SERVICE_NAME = /(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,4}([a-z0-9-]{1,63})\.svc(?![\w-])/g;

/** Where a text may stand that a program reads: what we understand is renamed before, and annotations are notes. */
const TEXT_FIELDS = ['spec', 'data', 'stringData', 'binaryData', 'template'];

/**
 * Tells of Service names in free text (environment, arguments, configuration) that lead to a renamed namespace (rule 36). Only
 * people can know whether such a text may be changed. Of Secrets only the place is told.
 */
export function reportNamespaceMentions(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const isSecret = isKind(object, 'Secret');
  const findings = TEXT_FIELDS.flatMap((field) =>
    [...stringsOf(object[field], field)].flatMap(({ path, text }) => {
      const isEncoded = field === 'binaryData' || (isSecret && field === 'data');
      const names = renamedNamesIn(isEncoded ? Buffer.from(text, 'base64').toString('latin1') : text, namespaces);
      return names.length > 0 ? [mention(object, path, isSecret ? [] : names)] : [];
    }),
  );
  return keep(object, findings);
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
