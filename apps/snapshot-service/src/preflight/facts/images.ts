/** The registry of an image, as container runtimes read its name. */
export function registryOf(image: string): string {
  const first = image.split('/')[0] ?? '';
  const isHost = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

/** Spells an image out as runtimes store it: `nginx` is `docker.io/library/nginx:latest`. */
export function fullImageName(image: string): string {
  const registry = registryOf(image);
  let path = image.startsWith(`${registry}/`) ? image.slice(registry.length + 1) : image;
  if (registry === 'docker.io' && !path.includes('/')) path = `library/${path}`;
  const isPinned = path.includes('@') || /:[^/]+$/.test(path);
  return `${registry}/${path}${isPinned ? '' : ':latest'}`;
}
