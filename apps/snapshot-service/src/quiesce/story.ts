const NAMED = 10;

/** `Deployment shop/web, StatefulSet shop/db and 3 more` */
export function describeSome(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
