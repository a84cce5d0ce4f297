import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FatalError } from '@godwit/contracts/errors';

/** A directory with a file for each organisation, named by its id: a token of this service for that organisation. */
const FEDERATION_DIRECTORY = 'GODWIT_FEDERATION_TOKENS';

/**
 * The service's own identity, which all tenants share, is exchanged for an account's by a token that is meant for one organisation
 * alone: so none can have the account of another used for them.
 *
 * @returns path of the token
 * @throws FatalError if there is none for the organisation
 */
export function federationTokenFile(organisationId: string): string {
  const directory = process.env[FEDERATION_DIRECTORY];
  const file = join(directory ?? '', organisationId);
  if (directory && existsSync(file)) return file;
  throw new FatalError(
    'FederationNotSetUp',
    `there is no token by which the clouds of organisation ${organisationId} know Godwit`,
    {
      cure: `Mount one for the audience ${organisationId} in the directory that ${FEDERATION_DIRECTORY} names, or give the account's key or secret.`,
    },
  );
}
