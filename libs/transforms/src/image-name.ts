import type { ImageRegistry } from '@godwit/contracts/migration-definition';

const DEFAULT_REGISTRY = 'docker.io';
const REFERENCE = /^(?<name>[^@\s]+?)(?<tag>:[\w][\w.-]*)?(?<digest>@[a-z0-9+._-]+:[a-f0-9]+)?$/i;

/**
 * The image as the rules take it from its new registry: the rule with the longest beginning counts; tag and digest stay.
 * @returns the very same text if no rule is for it, or if it is at its new place already
 */
export function relocatedImage(image: string, rules: readonly ImageRegistry[]): string {
  const { name, tag = '', digest = '' } = REFERENCE.exec(image)?.groups ?? {};
  if (!name) return image;
  const full = fullName(name);
  const rule = rules
    .filter(({ from, to }) => beginsWith(full, fullPrefix(from)) && !(beginsWith(to, from) && beginsWith(full, fullPrefix(to))))
    .reduce<ImageRegistry | undefined>((best, one) => (best && best.from.length >= one.from.length ? best : one), undefined);
  return rule ? rule.to + full.slice(fullPrefix(rule.from).length) + tag + digest : image;
}

/** Whether the image says its registry, rather than leaving it to the container runtime's default. */
export function namesRegistry(image: string): boolean {
  return image.includes('/') && isRegistry(image.slice(0, image.indexOf('/')));
}

/** As container runtimes read it: `nginx` is `docker.io/library/nginx`. */
function fullName(name: string): string {
  const full = fullPrefix(name);
  const path = full.slice(DEFAULT_REGISTRY.length + 1);
  return full.startsWith(`${DEFAULT_REGISTRY}/`) && !path.includes('/') ? `${DEFAULT_REGISTRY}/library/${path}` : full;
}

function fullPrefix(prefix: string): string {
  const [first = '', ...path] = prefix.split('/');
  if (!isRegistry(first)) return `${DEFAULT_REGISTRY}/${prefix}`;
  const registry = first === 'index.docker.io' || first === 'registry-1.docker.io' ? DEFAULT_REGISTRY : first;
  return [registry, ...path].join('/');
}

function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost';
}

function beginsWith(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}/`);
}
