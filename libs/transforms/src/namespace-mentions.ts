import { renamed } from './renamed.ts';
import type { NamespaceMap } from './transform.ts';

/** Places in a text that can mean nothing but a renamed namespace, and what the text is when they follow. */
export interface Mentions {
  names: string[];
  rewritten: string;
}

/** A Service's DNS name within a text. */
const SERVICE = /(?<![\w.-])((?:[a-z0-9*_-]{1,63}\.){1,4})([a-z0-9-]{1,63})(\.svc(?![\w-]))/g;
const ACCOUNT = /(?<![\w:])(system:serviceaccounts?:)([a-z0-9-]{1,63})(?![\w-])/g;
/** `--watch-namespace=shop`, `"namespace": "shop"`, `kube_pod_info{namespace=~"shop|billing"}` */
const KEYED =
  /((?<![\w-])[\w.-]{0,63}namespaces?\\?["']?[ \t]*(?:=~|!=|!~|[:=])[ \t]*\\?["']?)([a-z0-9-]+(?:[|,][a-z0-9-]+)*)(?![\w./(-])/gi;
/** `db.shop` and `http://db.shop:80`: a Service's short name, or anything else with a dot in it. */
const SHORT = /(?<=^|[^\w./-]|:\/\/)((?:[a-z0-9_-]{1,63}\.){1,2})([a-z0-9-]{1,63})(?![\w.-]*[\w-])/g;

/** Finds what surely names a renamed namespace. */
export function mentionsIn(text: string, namespaces: NamespaceMap): Mentions {
  const names: string[] = [];
  const follow = (match: string, before: string, namespace: string, after: unknown): string => {
    const followed = namespace.replace(/[^|,]+/g, (name) => renamed(name, namespaces));
    if (followed === namespace) return match;
    if (!names.includes(match)) names.push(match);
    return before + followed + (typeof after === 'string' ? after : '');
  };
  let rewritten = text;
  const isDotted = hasRenamedLabel(text, namespaces);
  if (isDotted && text.includes('.svc')) rewritten = rewritten.replace(SERVICE, follow);
  if (text.includes('system:serviceaccount')) rewritten = rewritten.replace(ACCOUNT, follow);
  if (/namespace/i.test(text)) rewritten = rewritten.replace(KEYED, follow);
  return { names, rewritten };
}

/** Finds what may be the short name of a Service in a renamed namespace: nobody but the reader can tell. */
export function possibleMentionsIn(text: string, namespaces: NamespaceMap): string[] {
  if (!hasRenamedLabel(text, namespaces)) return [];
  const hits = [...text.matchAll(SHORT)].filter(([, , namespace = '']) => renamed(namespace, namespaces) !== namespace);
  return [...new Set(hits.map(([name]) => name))];
}

/** Whether a renamed namespace follows a dot anywhere: soon told, and true of few texts. */
function hasRenamedLabel(text: string, namespaces: NamespaceMap): boolean {
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
    let end = dot + 1;
    while (isLabelCharacter(text.charCodeAt(end))) end++;
    const label = text.slice(dot + 1, end);
    if (end - dot <= 64 && renamed(label, namespaces) !== label) return true;
  }
  return false;
}

/** a-z, 0-9 and the dash. */
function isLabelCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45;
}
