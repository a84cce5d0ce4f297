import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';

/** Why a kubeconfig is refused, with the path of the field. */
export interface KubeconfigProblem {
  path: (string | number)[];
  message: string;
}

export type KubeconfigCheck =
  | { ok: true; kubeconfig: KubeConfig; server: string; context: string }
  | { ok: false; problems: KubeconfigProblem[] };

const REFUSED_USER_FIELDS: Record<string, string> = {
  exec: 'runs a program on our side; put a token or a client certificate into the kubeconfig instead',
  'auth-provider': 'is a plugin that runs on our side; put a token or a client certificate into the kubeconfig instead',
  tokenFile: 'is a file path on your machine; put the token itself into "token"',
  'token-file': 'is a file path on your machine; put the token itself into "token"',
  as: 'acts as another user, which is not supported; use the credentials of that user',
  'client-certificate': 'is a file path on your machine; use "client-certificate-data" (kubectl config view --raw --flatten)',
  'client-key': 'is a file path on your machine; use "client-key-data" (kubectl config view --raw --flatten)',
};

const REFUSED_CLUSTER_FIELDS: Record<string, string> = {
  'certificate-authority':
    'is a file path on your machine; use "certificate-authority-data" (kubectl config view --raw --flatten)',
};

/** All that is taken over. What is neither here nor refused by name is refused too: a field that we do not know may name a file. */
const USER_FIELDS = ['token', 'username', 'password', 'client-certificate-data', 'client-key-data'] as const;
const CLUSTER_FIELDS = ['server', 'certificate-authority-data', 'tls-server-name', 'proxy-url'] as const;
const CLUSTER_FLAGS = ['insecure-skip-tls-verify', 'disable-compression'];
/** Notes of other tools. Not taken over. */
const IGNORED_FIELDS = ['extensions'];

/**
 * Checks a kubeconfig that a user gave us. What would run a program or read a file on our side is refused wherever it
 * stands, also in entries that the current context does not use. Messages never repeat values: they may be secrets.
 *
 * @param text YAML or JSON of a kubeconfig
 */
export function checkKubeconfig(text: string): KubeconfigCheck {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch {
    return refuse([], 'is neither YAML nor JSON');
  }
  if (!isRecord(document)) return refuse([], 'is not a kubeconfig: the document is not an object');

  const problems: KubeconfigProblem[] = [
    ...refusedFields(document.users, 'users', 'user', REFUSED_USER_FIELDS, USER_FIELDS),
    ...refusedFields(document.clusters, 'clusters', 'cluster', REFUSED_CLUSTER_FIELDS, CLUSTER_FIELDS, CLUSTER_FLAGS),
  ];
  const contextName = document['current-context'];
  const context = entryNamed(document.contexts, contextName, 'context');
  const cluster = entryNamed(document.clusters, context?.cluster, 'cluster');
  const user = entryNamed(document.users, context?.user, 'user');
  if (!context) problems.push({ path: ['current-context'], message: 'names no context of this kubeconfig' });
  else if (!cluster) problems.push({ path: ['contexts'], message: 'the current context names no cluster of this kubeconfig' });
  else if (!user) problems.push({ path: ['contexts'], message: 'the current context names no user of this kubeconfig' });
  else if (typeof cluster.server !== 'string' || !isHttps(cluster.server)) {
    problems.push({ path: ['clusters'], message: 'the server of the current context is not an https URL' });
  } else if (typeof cluster['proxy-url'] === 'string' && cluster['proxy-url'] && !URL.canParse(cluster['proxy-url'])) {
    problems.push({ path: ['clusters'], message: 'the proxy-url of the current context is not a URL' });
  }
  if (problems.length > 0) return { ok: false, problems };

  return {
    ok: true,
    kubeconfig: buildKubeconfig(cluster!, user!, String(contextName)),
    server: String(cluster!.server),
    context: String(contextName),
  };
}

/** @returns the URL that is connected to from here: that of the proxy, if there is one, else that of the API server */
export function connectsTo(kubeconfig: KubeConfig): string {
  const cluster = kubeconfig.getCurrentCluster();
  if (!cluster) throw new Error('the kubeconfig has no current cluster');
  return cluster.proxyUrl || cluster.server;
}

/**
 * Only what was checked here, field by field: client-node must not read the text itself, for its loader opens files, and
 * another parser may see another document in it.
 */
function buildKubeconfig(cluster: Record<string, unknown>, user: Record<string, unknown>, context: string): KubeConfig {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromOptions({
    clusters: [
      {
        name: 'cluster',
        server: String(cluster.server),
        caData: text(cluster['certificate-authority-data']),
        tlsServerName: text(cluster['tls-server-name']),
        proxyUrl: text(cluster['proxy-url']),
        skipTLSVerify: cluster['insecure-skip-tls-verify'] === true,
      },
    ],
    users: [
      {
        name: 'user',
        token: text(user.token),
        username: text(user.username),
        password: text(user.password),
        certData: text(user['client-certificate-data']),
        keyData: text(user['client-key-data']),
      },
    ],
    contexts: [{ name: context, cluster: 'cluster', user: 'user' }],
    currentContext: context,
  });
  return kubeconfig;
}

function refuse(path: (string | number)[], message: string): KubeconfigCheck {
  return { ok: false, problems: [{ path, message }] };
}

function refusedFields(
  entries: unknown,
  list: string,
  wrapper: string,
  refused: Record<string, string>,
  texts: readonly string[],
  flags: readonly string[] = [],
): KubeconfigProblem[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry, index) => {
    const value = isRecord(entry) ? entry[wrapper] : undefined;
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([field, content]) => {
      const why = whyRefused(field, content, refused, texts, flags);
      return why ? [{ path: [list, index, wrapper, field], message: why }] : [];
    });
  });
}

function whyRefused(
  field: string,
  content: unknown,
  refused: Record<string, string>,
  texts: readonly string[],
  flags: readonly string[],
): string | undefined {
  if (Object.hasOwn(refused, field)) return `"${field}" ${refused[field]}`;
  if (IGNORED_FIELDS.includes(field)) return undefined;
  if (flags.includes(field)) return typeof content === 'boolean' ? undefined : `"${field}" is neither true nor false`;
  if (!texts.includes(field)) return 'is not supported; take it out of the kubeconfig';
  return typeof content === 'string' ? undefined : `"${field}" is not a text`;
}

function entryNamed(entries: unknown, name: unknown, wrapper: string): Record<string, unknown> | undefined {
  if (!Array.isArray(entries) || typeof name !== 'string') return undefined;
  const entry = entries.find((candidate) => isRecord(candidate) && candidate.name === name);
  return isRecord(entry?.[wrapper]) ? entry[wrapper] : undefined;
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
