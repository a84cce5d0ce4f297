import { FatalError } from '@godwit/contracts/errors';

/** There is no object at this key. */
export class ObjectNotFoundError extends FatalError {
  constructor(
    readonly key: string,
    options: { cause?: unknown } = {},
  ) {
    super('ObjectNotFound', `There is no object ${key} in object storage`, options);
  }
}

/** A write that must not overwrite found the key taken. */
export class ObjectExistsError extends FatalError {
  constructor(
    readonly key: string,
    options: { cause?: unknown } = {},
  ) {
    super('ObjectExists', `There is already an object ${key} in object storage`, options);
  }
}
