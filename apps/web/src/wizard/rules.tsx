import { NumberField, TextField } from '../forms/fields.tsx';
import { JsonField } from '../forms/json-field.tsx';
import { RuleList } from '../forms/rule-list.tsx';
import type { DefinitionForm } from './definition-form.ts';
import { MatchFields } from './match-fields.tsx';

const ANY = { resourceTypes: [], namespaces: [], names: [], labelSelector: '' };

/** Rules of one's own that change objects on the way, each list in the order in which it counts. */
export function Rules({ form }: { form: DefinitionForm }) {
  return (
    <>
      <RuleList
        form={form}
        path={['transforms', 'imageRegistries']}
        label="Image registries"
        help="Images whose name begins with one text are taken from another place."
        one="Registry"
        addText="Add a registry"
        fresh={{ from: '', to: '' }}
      >
        {(path) => (
          <>
            <TextField form={form} path={[...path, 'from']} label="Images from" placeholder="docker.io/library" isRequired />
            <TextField
              form={form}
              path={[...path, 'to']}
              label="Are taken from"
              placeholder="registry.example/library"
              isRequired
            />
          </>
        )}
      </RuleList>
      <RuleList
        form={form}
        path={['transforms', 'replicas']}
        label="Replicas"
        help="How many the workloads get on the destination; the first rule that matches counts."
        one="Replica rule"
        addText="Add a rule for replicas"
        fresh={{ match: ANY }}
      >
        {(path) => (
          <>
            <NumberField form={form} path={[...path, 'replicas']} label="Replicas on the destination" isRequired />
            <MatchFields form={form} path={[...path, 'match']} />
          </>
        )}
      </RuleList>
      <RuleList
        form={form}
        path={['transforms', 'resourceModifiers']}
        label="Resource modifiers"
        help="Changes to the manifests that match, made after all other transforms."
        one="Modifier"
        addText="Add a modifier"
        fresh={{ match: ANY, jsonPatch: [] }}
      >
        {(path) => (
          <>
            <MatchFields form={form} path={[...path, 'match']} />
            <JsonField
              form={form}
              path={[...path, 'jsonPatch']}
              label="JSON patch"
              help={'A list of operations: [{"op": "replace", "path": "/spec/type", "value": "ClusterIP"}].'}
            />
            <JsonField
              form={form}
              path={[...path, 'mergePatch']}
              label="Merge patch"
              isOptional
              help={'What is null is taken away: {"metadata": {"annotations": {"team": null}}}. Empty: none.'}
            />
          </>
        )}
      </RuleList>
    </>
  );
}
