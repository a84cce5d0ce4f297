import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { type Mentions, mentionsIn, possibleMentionsIn } from './namespace-mentions.ts';
import { hasChains, hasRenames } from './renamed.ts';
import { findingOn, keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { type Fields, type Leaf, mapStrings, valueAt } from './walk-manifest.ts';

/** kubectl's note of what it applied last: no program follows the names in it. */
const LAST_APPLIED = 'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]';
const NAMESPACE_ARGUMENT = /^(-n|--?[\w-]*namespaces?)$/i;
const NAMESPACE_VARIABLE = /namespaces?$/i;
const CURE = 'Change it on the destination if it has to lead to the renamed namespace.';

/**
 * Deals with names of renamed namespaces in free text: environment, arguments, configuration, annotations (rule 36). They are
 * rewritten if the user asks for it, else reported, since only people can know whether such a text may be changed; what merely
 * may be such a name is always only reported. Of Secrets only the place is told.
 */
export function rewriteTexts(
  object: KubernetesObject,
  { namespaces, rewriteText }: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  // What a definition says of its fields is for readers.
  if (isKind(object, 'CustomResourceDefinition', 'apiextensions.k8s.io')) return keep(object);
  if (!hasRenames(namespaces)) return keep(object);
  const isSecret = isKind(object, 'Secret');
  const findings: Finding[] = [];
  const change = (leaf: Leaf): string => {
    const { text, path } = leaf;
    if (!mayMention(leaf)) return text;
    if (hasChains(namespaces) && valueAt(source, path) !== text) return text;
    const isEncoded = path.startsWith('binaryData') || (isSecret && path.startsWith('data'));
    const plain = isEncoded ? decoded(text) : { text, isText: true };
    const mentions = mentionsOf({ ...leaf, text: plain.text }, namespaces);
    if (mentions.names.length === 0) {
      const possible = plain.isText && leaf.key !== 'image' ? possibleMentionsIn(plain.text, namespaces) : [];
      if (possible.length > 0) findings.push(possibleMention(object, path, isSecret ? [] : possible));
      return text;
    }
    const rewrites = rewriteText && plain.isText;
    findings.push(mention(object, path, isSecret ? [] : mentions.names, rewrites));
    if (!rewrites) return text;
    return isEncoded ? Buffer.from(mentions.rewritten, 'utf8').toString('base64') : mentions.rewritten;
  };
  const { apiVersion, kind, metadata, status, ...fields } = object;
  const { annotations } = mapStrings({ annotations: metadata.annotations ?? {} }, (leaf) =>
    change({ ...leaf, path: `metadata.${leaf.path}` }),
  );
  const rewritten = mapStrings(fields, change);
  if (findings.length === 0) return keep(object);
  return keep({ ...object, ...rewritten, metadata: metadata.annotations ? { ...metadata, annotations } : metadata }, findings);
}

function mayMention({ path, key }: Leaf): boolean {
  return path !== LAST_APPLIED && key !== 'apiVersion' && key !== 'kind';
}

/** What is not UTF-8 may still hold names, in one byte each, but must not be changed. */
function decoded(text: string): { text: string; isText: boolean } {
  const bytes = Buffer.from(text, 'base64');
  const plain = bytes.toString('utf8');
  return Buffer.from(plain, 'utf8').equals(bytes)
    ? { text: plain, isText: true }
    : { text: bytes.toString('latin1'), isText: false };
}

/** A namespace may also be all of an argument or variable that by its name holds one. */
function mentionsOf({ text, parent, key }: Leaf, namespaces: NamespaceMap): Mentions {
  const label = Array.isArray(parent) ? parent[Number(key) - 1] : (parent as Fields).name;
  const pattern = Array.isArray(parent) ? NAMESPACE_ARGUMENT : NAMESPACE_VARIABLE;
  const isValue = Array.isArray(parent) || key === 'value';
  if (!isValue || typeof label !== 'string' || !pattern.test(label)) return mentionsIn(text, namespaces);
  const keyed = mentionsIn(`namespace=${text}`, namespaces);
  return { names: keyed.names.length > 0 ? [text] : [], rewritten: keyed.rewritten.slice('namespace='.length) };
}

function mention(object: KubernetesObject, path: string, names: string[], isRewritten: boolean): Finding {
  const what = names.length > 0 ? `${names.join(', ')}, whose namespace is renamed` : 'a Service whose namespace is renamed';
  return isRewritten
    ? findingOn(object, 'note', 'NamespaceRewritten', `${path} named ${what}; the text was rewritten.`)
    : findingOn(object, 'warning', 'NamespaceInText', `${path} names ${what}; the text is copied as it is.`, CURE);
}

function possibleMention(object: KubernetesObject, path: string, names: string[]): Finding {
  const what = names.length > 0 ? names.join(', ') : 'a name';
  return findingOn(
    object,
    'note',
    'NamespacePerhapsInText',
    `${path} has ${what}, which may be a Service whose namespace is renamed, or something else; it is copied as it is.`,
    CURE,
  );
}
