/** Hosts of Google's services with what stands between them and their paths, and the variable of the gcloud CLI that names another. */
const OVERRIDES: readonly { origin: string; base: string; variable: string }[] = [
  ...['container', 'cloudresourcemanager', 'iam', 'iamcredentials', 'sts'].map((service) => ({
    origin: `https://${service}.googleapis.com`,
    base: '/',
    variable: `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`,
  })),
  { origin: 'https://compute.googleapis.com', base: '/compute/v1/', variable: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE' },
  { origin: 'https://oauth2.googleapis.com', base: '/token', variable: 'CLOUDSDK_AUTH_TOKEN_HOST' },
];

/**
 * Where a service of Google is really asked: at another endpoint (one of Private Service Connect, say) where a variable that
 * the gcloud CLI knows names it.
 */
export function redirect(url: URL, env: NodeJS.ProcessEnv = process.env): URL {
  const found = OVERRIDES.find(({ origin, base }) => url.origin === origin && url.pathname.startsWith(base));
  const other = found && env[found.variable];
  if (!other) return url;
  const rest = url.pathname.slice(found.base.length);
  const start = rest && !other.endsWith('/') ? `${other}/` : other;
  return new URL(`${start}${rest}${url.search}`);
}
