type Json = unknown;

/** A JSON merge patch (RFC 7386): objects are merged, null takes away, anything else replaces. Changes neither argument. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // A map, not an object to assign to: a key may be called `__proto__`.
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
