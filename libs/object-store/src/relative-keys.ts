/** Keys as callers know them and as the bucket knows them: everything of ours lies below the configured prefix. */
export class RelativeKeys {
  readonly #base: string;

  /** @param prefix without slashes at its ends; empty: the whole bucket */
  constructor(prefix: string) {
    this.#base = prefix === '' ? '' : `${prefix}/`;
  }

  /** @throws RangeError for a key that is empty or could be taken for one outside */
  toBucket(key: string): string {
    if (key === '' || key.startsWith('/') || key.split('/').some((part) => part === '.' || part === '..')) {
      throw new RangeError(`"${key}" is not a key of an object`);
    }
    return this.prefixToBucket(key);
  }

  prefixToBucket(prefix: string): string {
    return this.#base + prefix;
  }

  fromBucket(key: string): string {
    return key.slice(this.#base.length);
  }
}
