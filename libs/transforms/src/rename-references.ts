import type { Finding } from '@godwit/contracts/findings';
import { groupOf, type KubernetesObject, type ObjectMeta } from '@godwit/contracts/kubernetes-object';
import { isCustom } from './kinds.ts';
import { FORMS, type Form } from './namespace-forms.ts';
import { REFERENCE_BY_CONVENTION, REFERENCE_ENTRIES, REFERENCE_FIELDS } from './reference-table.ts';
import { renamed } from './renamed.ts';
import { findingOn, keep, type NamespaceMap, type TransformContext, type TransformOutcome } from './transform.ts';
import { type Leaf, mapStrings } from './walk-manifest.ts';

/** A field that by its name holds namespaces. */
const NAMESPACE_FIELD = /(^|[._a-z-])[nN]amespaces?(\[\])?$/;

/**
 * Lets all that the table of references knows follow the renamed namespaces (rules 34 to 37). Fields that
 * seem to name a namespace, but of which nobody knows whether they mean one of this cluster, are left alone and reported.
 */
export function renameReferences(object: KubernetesObject, { namespaces }: TransformContext): TransformOutcome {
  const metadata = followEntries(object.metadata, namespaces);
  const rules = rulesFor(object);
  if (!rules) return keep(metadata === object.metadata ? object : { ...object, metadata });
  const findings: Finding[] = [];
  const change = ({ text, path }: Leaf): string => {
    const field = path.replace(/\[\d+\]/g, '[]');
    const rule = rules.find(({ pattern }) => pattern.test(field));
    if (rule) return FORMS[rule.form](text, namespaces);
    if (NAMESPACE_FIELD.test(field) && renamed(text, namespaces) !== text) {
      findings.push(leftAlone(object, path, text));
    }
    return text;
  };
  const { apiVersion, kind, metadata: _, status, ...fields } = object;
  const followed = mapStrings(fields, change);
  return keep({ ...object, ...followed, metadata }, findings);
}

function followEntries(metadata: ObjectMeta, namespaces: NamespaceMap): ObjectMeta {
  const labels = follow(metadata.labels, namespaces);
  const annotations = follow(metadata.annotations, namespaces);
  if (labels === metadata.labels && annotations === metadata.annotations) return metadata;
  return { ...metadata, ...(labels && { labels }), ...(annotations && { annotations }) };
}

function follow(entries: Record<string, string> | undefined, namespaces: NamespaceMap): Record<string, string> | undefined {
  const changed: Record<string, string> = {};
  for (const [key, text] of Object.entries(entries ?? {})) {
    const form = Object.hasOwn(REFERENCE_ENTRIES, key) ? REFERENCE_ENTRIES[key] : undefined;
    const followed = form ? FORMS[form](text, namespaces) : text;
    if (followed !== text) changed[key] = followed;
  }
  return Object.keys(changed).length > 0 ? { ...entries, ...changed } : entries;
}

interface FieldRule {
  form: Form;
  pattern: RegExp;
}

const BY_CONVENTION: readonly FieldRule[] = [{ form: 'name', pattern: REFERENCE_BY_CONVENTION }];

const RULES_OF = new Map<string, readonly FieldRule[]>(
  Object.entries(REFERENCE_FIELDS).map(([kind, forms]): [string, FieldRule[]] => [
    kind,
    Object.entries(forms).flatMap(([form, fields]) =>
      fields.map((field) => ({ form: form as Form, pattern: fieldPattern(field) })),
    ),
  ]),
);

/** @returns undefined for a kind that is not looked through */
function rulesFor(object: KubernetesObject): readonly FieldRule[] | undefined {
  const group = groupOf(object.apiVersion);
  const rules = [RULES_OF.get(group ? `${object.kind}.${group}` : object.kind), RULES_OF.get(`*.${group}`)];
  if (isCustom(object)) rules.push(BY_CONVENTION);
  const known = rules.filter((list) => list !== undefined);
  return known.length > 0 ? known.flat() : undefined;
}

function fieldPattern(field: string): RegExp {
  const source = field.replace(/\*\*|\*|[.[\]]/g, (part) => ({ '**': '.*', '*': '[^.]*' })[part] ?? `\\${part}`);
  return new RegExp(`^${source}$`);
}

function leftAlone(object: KubernetesObject, path: string, namespace: string): Finding {
  return findingOn(
    object,
    'warning',
    'NamespaceInField',
    `${path} is ${namespace}, which is renamed; it is copied as it is, since it is not known to mean a namespace of this cluster.`,
    'If it does, set it with a resource modifier, or on the destination.',
  );
}
