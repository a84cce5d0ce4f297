type ClassMap = Readonly<Record<string, string>>;

/** Older way of naming the class; where it is present it wins over `storageClassName`. */
const BETA_CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/**
 * The class that the map has for one of the source; undefined if it has none. The empty name stands for the destination's
 * default class. An empty class of the source means "no class" and stays.
 */
export function mappedClass(classes: ClassMap, name: unknown): string | undefined {
  return typeof name === 'string' && name !== '' && Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/** Names the mapped class in a field; no class, and so the destination's default one, where the map says the empty name. */
export function withMappedField<T extends Record<string, unknown>>(fields: T, field: string, classes: ClassMap): T {
  const mapped = mappedClass(classes, fields[field]);
  if (mapped === undefined) return fields;
  const { [field]: _, ...rest } = fields;
  return (mapped === '' ? rest : { ...rest, [field]: mapped }) as T;
}

/** The same for the annotation of a claim's metadata. */
export function withBetaAnnotation<T extends Record<string, unknown>>(metadata: T, classes: ClassMap): T {
  const annotations = metadata.annotations as Record<string, string> | undefined;
  if (typeof annotations?.[BETA_CLASS_ANNOTATION] !== 'string') return metadata;
  const mapped = withMappedField(annotations, BETA_CLASS_ANNOTATION, classes);
  return mapped === annotations ? metadata : { ...metadata, annotations: mapped };
}
