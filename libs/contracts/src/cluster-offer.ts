import { z } from 'zod';
import { Finding } from './findings.ts';

/** What there is on a cluster to choose from, asked just now; without items and with a problem where it could not be asked. */
const offerOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), problem: Finding.optional() });

/** A namespace with what is in it. */
export const OfferedNamespace = z.object({
  name: z.string(),
  /** Of Kubernetes itself: a full cluster goes without it. */
  isSystem: z.boolean(),
  pods: z.number().int(),
  /** Claims, and what they ask for together. */
  volumes: z.number().int(),
  volumeBytes: z.number(),
  /** Classes of its claims. */
  storageClasses: z.array(z.string()),
});
export type OfferedNamespace = z.infer<typeof OfferedNamespace>;
export const OfferedNamespaces = offerOf(OfferedNamespace);
export type OfferedNamespaces = z.infer<typeof OfferedNamespaces>;

/** A type of objects that can be listed. */
export const OfferedType = z.object({
  /** Plural, with its group where it has one: `deployments.apps`. */
  name: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
});
export type OfferedType = z.infer<typeof OfferedType>;
export const OfferedTypes = offerOf(OfferedType);
export type OfferedTypes = z.infer<typeof OfferedTypes>;

/** A label, and how many workloads, Services, claims and ConfigMaps have it. */
export const OfferedLabel = z.object({ key: z.string(), value: z.string(), objects: z.number().int() });
export type OfferedLabel = z.infer<typeof OfferedLabel>;
export const OfferedLabels = offerOf(OfferedLabel);
export type OfferedLabels = z.infer<typeof OfferedLabels>;

/** The most labels that are offered, those that most objects have first. */
export const MOST_LABELS = 500;
