/** Keys as callers know them and as the bucket knows them: everything of ours lies below the configured prefix. */
export class RelativeKeys {
  readonly #base: string;

  /** @param prefix without slashes at its ends; empty: the whole bucket */
  constructor(prefix: string) {
    this.#base = prefix === '' ? '' : `${prefix}/`;
  }

  /** @throws RangeError for a key that is empty or could be taken for one outside */
  toBucket(key: string): string {
    if (key === '') throw new RangeError('"" is not a key of an object');
    return this.prefixToBucket(key);
  }

  /**
   * @param prefix of keys; empty: of all of ours
   * @throws RangeError for one that could be taken for one outside: to S3 a key is a name, but to some servers it is a path
   */
  prefixToBucket(prefix: string): string {
    if (prefix.startsWith('/') || prefix.split(/[/\\]/).some((part) => part === '.' || part === '..')) {
      throw new RangeError(`${JSON.stringify(prefix)} is not a key of an object`);
    }
    return this.#base + prefix;
  }

  fromBucket(key: string): string {
    return key.slice(this.#base.length);
  }
}
