import type { MigrationDefinition } from '@godwit/contracts/migration-definition';

/** @returns whether a migration goes to this registered cluster */
export function goesTo({ destination }: Pick<MigrationDefinition, 'destination'>, clusterId: string): boolean {
  return destination.type === 'Registered' && destination.clusterId === clusterId;
}

/** @returns the cluster that a migration goes to, for people */
export function destinationText(
  { destination }: Pick<MigrationDefinition, 'destination'>,
  nameOf: (clusterId: string) => string,
): string {
  if (destination.type === 'Registered') return nameOf(destination.clusterId);
  return `${destination.name}, a new ${destination.type} cluster`;
}

/** @returns whether the destination is there yet: only then can a migration be previewed, staged and cut over */
export function isDestinationThere({ destination }: Pick<MigrationDefinition, 'destination'>): boolean {
  return destination.type === 'Registered';
}
