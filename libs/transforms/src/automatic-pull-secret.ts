/**
 * Whether OpenShift makes such a Secret by itself: for each account one that opens the cluster's own image registry, named after
 * the account, with five random characters.
 */
export function isAutomaticPullSecret(account: string, secret: string): boolean {
  const prefix = `${account}-dockercfg-`;
  return secret.startsWith(prefix) && /^[a-z0-9]{5}$/.test(secret.slice(prefix.length));
}
