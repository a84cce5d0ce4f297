const FACTORS: Record<string, number> = {
  '': 1,
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

/** Bytes of a Kubernetes quantity (`64Mi`, `1.5G`, `1e9`); 0 for what is none. */
export function bytesOf(quantity: string | undefined): number {
  const match = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)(m|[kMGTPE]|[KMGTPE]i)?$/.exec(quantity ?? '');
  const factor = FACTORS[match?.[2] ?? ''];
  return match && factor ? Math.ceil(Number(match[1]) * factor) : 0;
}
