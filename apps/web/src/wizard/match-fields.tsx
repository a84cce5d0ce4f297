import { useQuery } from '@tanstack/react-query';
import { namespacesQuery, typesQuery } from '../api/cluster-offer.ts';
import { TextField } from '../forms/fields.tsx';
import type { Path } from '../forms/paths.ts';
import { TokensField } from '../forms/tokens-field.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';

/** Which objects a rule is for. */
export function MatchFields({ form, path }: { form: DefinitionForm; path: Path }) {
  const { sourceClusterId } = filledIn(form);
  const { data: types } = useQuery(typesQuery(sourceClusterId));
  const { data: namespaces } = useQuery(namespacesQuery(sourceClusterId));
  return (
    <>
      <TokensField
        form={form}
        path={[...path, 'resourceTypes']}
        label="For resource types"
        help="What is left empty here and below means any."
        suggestions={types?.items.map(({ name }) => name) ?? []}
      />
      <TokensField
        form={form}
        path={[...path, 'namespaces']}
        label="In namespaces"
        help="Names as on the source, or globs."
        suggestions={namespaces?.items.map(({ name }) => name) ?? []}
      />
      <TokensField form={form} path={[...path, 'names']} label="With names" help="Names, or globs such as web-*." />
      <TextField form={form} path={[...path, 'labelSelector']} label="With labels" placeholder="app in (web,api),tier!=test" />
    </>
  );
}
