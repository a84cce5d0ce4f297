import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { Form } from '../forms/use-form.ts';

/** The form of the wizard. What is filled in may be wrong, but each part has its form. */
export type DefinitionForm = Form<MigrationDefinition>;

/** @returns what is filled in, as the definition that it may become */
export function filledIn(form: DefinitionForm): MigrationDefinition {
  return form.values as MigrationDefinition;
}

/** @returns the id of the registered cluster that it goes to; empty: none is chosen, or it is to be created */
export function destinationId(form: DefinitionForm): string {
  const { destination } = filledIn(form);
  return destination.type === 'Registered' ? destination.clusterId : '';
}
