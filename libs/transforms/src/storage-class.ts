/** Older way of naming the class; where it is present it wins over `storageClassName`. */
export const BETA_CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** The part of a claim, a claim template or a volume that names a class. */
export interface Classed {
  metadata?: { annotations?: Record<string, string> };
  spec?: { storageClassName?: string };
}

/**
 * Names the mapped class in both places that may name one (rules 12 and 15). Where the map says the empty name, nothing is
 * named, and so the destination gives its default class. An empty class of the source means "no class" and stays.
 */
export function mapStorageClass<T extends Classed>(classed: T, classes: Readonly<Record<string, string>>): T {
  return {
    ...classed,
    ...(classed.metadata && { metadata: withAnnotation(classed.metadata, classes) }),
    ...(classed.spec && { spec: withClassName(classed.spec, classes) }),
  };
}

function withClassName(spec: NonNullable<Classed['spec']>, classes: Readonly<Record<string, string>>): Classed['spec'] {
  const { storageClassName, ...rest } = spec;
  const mapped = lookUp(classes, storageClassName);
  if (mapped === undefined) return spec;
  return mapped === '' ? rest : { ...rest, storageClassName: mapped };
}

function withAnnotation(
  metadata: NonNullable<Classed['metadata']>,
  classes: Readonly<Record<string, string>>,
): Classed['metadata'] {
  const { [BETA_CLASS_ANNOTATION]: beta, ...others } = metadata.annotations ?? {};
  const mapped = lookUp(classes, beta);
  if (mapped === undefined) return metadata;
  return { ...metadata, annotations: mapped === '' ? others : { ...others, [BETA_CLASS_ANNOTATION]: mapped } };
}

function lookUp(classes: Readonly<Record<string, string>>, name: string | undefined): string | undefined {
  return name && Object.hasOwn(classes, name) ? classes[name] : undefined;
}
