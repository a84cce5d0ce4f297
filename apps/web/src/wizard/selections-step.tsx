import { ExpandableSection, Radio } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { namespacesQuery } from '../api/cluster-offer.ts';
import { Problem } from '../app/problem.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { CheckField, Field } from '../forms/fields.tsx';
import { TokensField } from '../forms/tokens-field.tsx';
import { AdvancedOptions } from './advanced-options.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { NamespacePicker } from './namespace-picker.tsx';
import { errorsOf } from './steps.ts';

const SCOPE = ['selection', 'scope'];

/** What goes along. */
export function SelectionsStep({ form }: { form: DefinitionForm }) {
  const { selection, sourceClusterId } = filledIn(form);
  const isFull = selection.scope === 'FullCluster';
  const advancedIsWrong = errorsOf('selections', form.errors).some(({ path }) => path[1] !== 'namespaces');
  return (
    <>
      <Field form={form} path={SCOPE} label="Scope">
        <Radio
          id="scope-full"
          name="scope"
          label="Full cluster"
          description="All namespaces but those of Kubernetes itself."
          isChecked={isFull}
          onChange={() => form.set(['selection'], { ...selection, scope: 'FullCluster', namespaces: [] })}
        />
        <Radio
          id="scope-namespaces"
          name="scope"
          label="Select namespaces"
          isChecked={!isFull}
          onChange={() => form.set(['selection'], { ...selection, scope: 'Namespaces', excludeNamespaces: [] })}
        />
      </Field>
      {isFull ? (
        <Namespaces
          form={form}
          of={sourceClusterId}
          field="excludeNamespaces"
          label="Excluded namespaces"
          help="They stay. Names, or globs such as test-*."
        />
      ) : (
        <Namespaces
          form={form}
          of={sourceClusterId}
          field="namespaces"
          label="Namespaces"
          help="Names, or globs such as shop-*: what matches when it runs goes along."
        />
      )}
      <CheckField
        form={{
          ...form,
          at: () => selection.clusterScoped === 'All',
          set: (path, all) => form.set(path, all ? 'All' : 'Needed'),
        }}
        path={['selection', 'clusterScoped']}
        label="All cluster-scoped objects"
        help="Off: only those that the selected objects need. Never those of the cluster itself."
      />
      <ExpandableSection
        toggleText={advancedIsWrong ? 'Advanced options (something is wrong here)' : 'Advanced options'}
        isIndented
        toggleId="advanced-toggle"
        contentId="advanced-content"
      >
        <AdvancedOptions form={form} />
      </ExpandableSection>
    </>
  );
}

interface NamespacesProps {
  form: DefinitionForm;
  /** Id of the cluster. */
  of: string;
  field: 'namespaces' | 'excludeNamespaces';
  label: string;
  help: string;
}

function Namespaces({ form, of, field, label, help }: NamespacesProps) {
  const { data, error, isFetching, refetch } = useQuery(namespacesQuery(of));
  const path = ['selection', field];
  const chosen = (form.at(path) as readonly string[] | undefined) ?? [];
  const offered = (data?.items ?? []).filter(({ isSystem }) => !isSystem);
  return (
    <>
      {error && <RequestProblem doing="Cannot ask for the namespaces" error={error} onRetry={() => refetch()} />}
      {data?.problem && <Problem finding={data.problem} />}
      {isFetching && <p className="godwit-subtle">Asking the cluster for its namespaces …</p>}
      {offered.length > 0 && (
        <Field form={{ ...form, errorOf: () => undefined }} path={[...path, 'picker']} label={label}>
          <NamespacePicker label={label} namespaces={offered} chosen={chosen} onChange={(next) => form.set(path, next)} />
        </Field>
      )}
      <TokensField
        form={form}
        path={path}
        label={offered.length > 0 ? `${label}, as they are saved` : label}
        help={help}
        suggestions={offered.map(({ name }) => name)}
      />
    </>
  );
}
