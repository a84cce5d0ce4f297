import {
  CopyOptions,
  type MigrationDefinition,
  MigrationHooks,
  OnFailure,
  RestoreTransforms,
  Selection,
} from '@godwit/contracts/migration-definition';
import { MigrationRetention } from '@godwit/contracts/retention';

/** What the wizard begins with: all that has a default, and the source that one comes from. */
export function newDefinition(sourceClusterId = ''): object {
  return {
    name: '',
    sourceClusterId,
    selection: Selection.parse({}),
    copy: CopyOptions.parse({}),
    destination: { type: 'Registered', clusterId: '' },
    transforms: RestoreTransforms.parse({}),
    hooks: MigrationHooks.parse({}),
    onFailure: OnFailure.parse({}),
    retention: MigrationRetention.parse({}),
  };
}

/** A definition to be saved under another name. */
export function cloneOf(definition: MigrationDefinition): object {
  return { ...definition, name: `${definition.name} copy` };
}
