/**
 * Compresses and seals one object of the archive that is not a pack (the captured resources, for instance).
 * @param key key of the run, 32 bytes
 * @param name what the object is; it opens under this name only
 */
export function sealBlob(_key: Uint8Array, _name: string, _plain: Uint8Array): Buffer {
  throw new Error('not written yet');
}

/** @throws FatalError `ArchiveDamaged` when it was changed, cut, sealed with another key or under another name. */
export function openBlob(_key: Uint8Array, _name: string, _sealed: Uint8Array): Buffer {
  throw new Error('not written yet');
}
