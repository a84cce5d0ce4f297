/** Names of a volume's objects in the store. Eight digits keep the store's byte order the order of the packs. */
export const MAX_PACKS = 99_999_999;

export const packsPrefix = (prefix: string): string => `${prefix}/packs/`;

export function packKey(prefix: string, number: number): string {
  return `${packsPrefix(prefix)}${String(number).padStart(8, '0')}`;
}

/** @returns the number of a pack's key, or undefined for a key that is not one of ours. */
export function packNumberOf(prefix: string, key: string): number | undefined {
  const name = key.startsWith(packsPrefix(prefix)) ? key.slice(packsPrefix(prefix).length) : '';
  return /^\d{8}$/.test(name) ? Number(name) : undefined;
}

export const closingKey = (prefix: string): string => `${prefix}/closing`;
