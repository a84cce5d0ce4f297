const FACTORS: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`64Mi`, `250m`, `1e9`) in its base unit: bytes, cores, pieces; 0 for what is none. */
export function amountOf(quantity: string | number | undefined): number {
  const match = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)(n|u|m|[kMGTPE]|[KMGTPE]i)?$/.exec(String(quantity ?? ''));
  const factor = FACTORS[match?.[2] ?? ''];
  return match && factor ? Number(match[1]) * factor : 0;
}

/** Bytes of a Kubernetes quantity, whole ones; 0 for what is none. */
export function bytesOf(quantity: string | undefined): number {
  return Math.ceil(amountOf(quantity));
}

/** An amount of a resource for people: memory and storage in Gi or Mi, cores and pieces as numbers. */
export function formatAmount(resource: string, amount: number): string {
  if (!/(memory|storage)$/.test(resource)) return String(Math.round(amount * 1000) / 1000);
  const gi = amount / 2 ** 30;
  return gi >= 1 ? `${Math.round(gi * 10) / 10}Gi` : `${Math.ceil(amount / 2 ** 20)}Mi`;
}
