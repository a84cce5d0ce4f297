import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ImageRegistry } from '@godwit/contracts/migration-definition';
import { namesRegistry, relocatedImage } from './image-name.ts';
import { isCustom } from './kinds.ts';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';
import { type Fields, mapFields } from './walk-manifest.ts';

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];
/** How custom resources call an image that their controllers start. */
const IMAGE_FIELDS = ['image', 'imageName'];

/** Takes images from other registries: of containers of all sorts, wherever a pod's spec stands, and of image volumes. */
export function rewriteImages(object: KubernetesObject, { imageRegistries: rules }: TransformContext): TransformOutcome {
  if (rules.length === 0) return keep(object);
  const { apiVersion, kind, metadata, data, stringData, ...rest } = object;
  // In a custom resource `image` may also be a picture, so there it counts only if it names a registry.
  const names = isCustom(object) ? IMAGE_FIELDS : [];
  const rewritten = mapFields(rest as Fields, (fields) => {
    return rewriteFields(rewritePod(fields, rules), names, rules);
  });
  return keep(rewritten === rest ? object : ({ ...object, ...rewritten } as KubernetesObject));
}

/** Changes nothing in what is not a pod's spec. */
function rewritePod(fields: Fields, rules: readonly ImageRegistry[]): Fields {
  if (!Array.isArray(fields.containers)) return fields;
  const changed: Fields = {};
  for (const list of CONTAINERS) {
    if (Array.isArray(fields[list])) changed[list] = fields[list].map((one: Fields) => rewriteField(one, 'image', rules));
  }
  if (Array.isArray(fields.volumes)) changed.volumes = fields.volumes.map((volume: Fields) => rewriteVolume(volume, rules));
  return { ...fields, ...changed };
}

function rewriteVolume(volume: Fields, rules: readonly ImageRegistry[]): Fields {
  const image = volume?.image as Fields | undefined;
  return image ? { ...volume, image: rewriteField(image, 'reference', rules) } : volume;
}

function rewriteFields(fields: Fields, names: readonly string[], rules: readonly ImageRegistry[]): Fields {
  return names.reduce((current, name) => {
    const image = current[name];
    return typeof image === 'string' && namesRegistry(image) ? rewriteField(current, name, rules) : current;
  }, fields);
}

function rewriteField(fields: Fields, name: string, rules: readonly ImageRegistry[]): Fields {
  const image = fields?.[name];
  if (typeof image !== 'string') return fields;
  const relocated = relocatedImage(image, rules);
  return relocated === image ? fields : { ...fields, [name]: relocated };
}
