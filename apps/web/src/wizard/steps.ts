import type { FieldError } from '@godwit/contracts/problem-details';

export const STEPS = [
  { id: 'cluster', title: 'Cluster', fields: ['sourceClusterId'] },
  { id: 'selections', title: 'Selections', fields: ['selection', 'copy', 'onFailure', 'retention'] },
  { id: 'destination', title: 'Destination', fields: ['destination'] },
  { id: 'transforms', title: 'Restore Transforms', fields: ['transforms'] },
  { id: 'hooks', title: 'App Hooks', fields: ['hooks'] },
  { id: 'summary', title: 'Summary', fields: ['name'] },
] as const;
export type StepId = (typeof STEPS)[number]['id'];

/** @returns what is wrong with the fields of a step */
export function errorsOf(step: StepId, errors: readonly FieldError[]): FieldError[] {
  const fields: readonly string[] = STEPS.find(({ id }) => id === step)!.fields;
  return errors.filter(({ path }) => fields.includes(String(path[0])));
}

/**
 * @param has what the organisation has to choose from
 * @returns the steps that apply: without a saved hook there is nothing to choose among hooks, unless the migration uses some already
 */
export function stepsThatApply(has: { hooks: boolean; usesHooks: boolean }): readonly StepId[] {
  return STEPS.map(({ id }) => id).filter((id) => id !== 'hooks' || has.hooks || has.usesHooks);
}
