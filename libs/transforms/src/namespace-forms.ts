import { renamed, renamedPath } from './renamed.ts';
import type { NamespaceMap } from './transform.ts';

/** `service.namespace.svc`, perhaps with a pod or `*` before it and the cluster's domain after it. */
const SERVICE_NAME = /^((?:[a-z0-9*_-]+\.)+)([a-z0-9-]+)(\.svc(?:\..+)?)$/;
const ACCOUNT = /^(system:serviceaccount:|system:serviceaccounts:)([^:]+)(?=$|:)/;
const PRINCIPAL = /(\/ns\/)([a-z0-9-]+)(?=\/|$)/;
const TRAEFIK = /^(.+)(@kubernetescrd)$/;

/** The ways in which a text names a namespace, each with what makes it follow. */
export const FORMS = {
  /** `shop` */
  name: renamed,
  /** `shop/web` */
  path: renamedPath,
  /** `shop,billing` */
  names: (text, namespaces) => eachOf(text, (name) => renamed(name, namespaces)),
  /** `web.shop.svc.cluster.local` */
  service: (text, namespaces) => text.replace(SERVICE_NAME, follow(namespaces)),
  /** `shop/web.shop.svc.cluster.local` */
  'path-to-service': (text, namespaces) => {
    const path = renamedPath(text, namespaces);
    const slash = path.indexOf('/') + 1;
    return path.slice(0, slash) + path.slice(slash).replace(SERVICE_NAME, follow(namespaces));
  },
  /** `system:serviceaccount:shop:web`, `system:serviceaccounts:shop` */
  account: (text, namespaces) => text.replace(ACCOUNT, follow(namespaces)),
  /** `cluster.local/ns/shop/sa/web` */
  principal: (text, namespaces) => text.replace(PRINCIPAL, follow(namespaces)),
  /** `shop-auth@kubernetescrd`, of one or more objects: namespace and name are joined by what may stand in both. */
  traefik: (text, namespaces) =>
    eachOf(text, (name) =>
      name.replace(TRAEFIK, (_, joined: string, after: string) => longestPrefix(joined, namespaces) + after),
    ),
  /** `kubernetes.io/metadata.name == 'shop'`, as Calico selects namespaces */
  calico: (text, namespaces) =>
    /metadata\.name|projectcalico\.org\/name/.test(text)
      ? text.replace(/(['"])([a-z0-9-]+)(?=\1)/g, (_, quote: string, name: string) => quote + renamed(name, namespaces))
      : text,
} as const satisfies Record<string, (text: string, namespaces: NamespaceMap) => string>;

export type Form = keyof typeof FORMS;

/** For texts of which a pattern takes `before`, the namespace, and perhaps `after`. */
function follow(namespaces: NamespaceMap): (match: string, before: string, namespace: string, after?: unknown) => string {
  return (_, before, namespace, after) => before + renamed(namespace, namespaces) + (typeof after === 'string' ? after : '');
}

/** Keeps the blanks around the items of a list. */
function eachOf(text: string, change: (item: string) => string): string {
  return text.replace(/[^,\s]+/g, change);
}

/** A prefix that is the new name of a namespace already has followed. */
function longestPrefix(joined: string, namespaces: NamespaceMap): string {
  for (let dash = joined.lastIndexOf('-'); dash > 0; dash = joined.lastIndexOf('-', dash - 1)) {
    const namespace = joined.slice(0, dash);
    if (Object.hasOwn(namespaces, namespace)) return namespaces[namespace] + joined.slice(dash);
    if (Object.values(namespaces).includes(namespace)) return joined;
  }
  return joined;
}
