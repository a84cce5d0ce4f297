import type { MigrationView } from '@godwit/contracts/api';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { Alert, Button, Checkbox, Content, Flex, List, ListItem } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { clustersQuery } from '../api/clusters.ts';
import { migrationQuery, migrationsQuery, previewDefinition, saveMigration } from '../api/migrations.ts';
import { RequestError } from '../api/request-error.ts';
import { startRun } from '../api/runs.ts';
import { isOvertaken } from '../api/versions.ts';
import { Overtaken } from '../app/overtaken.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { TextField } from '../forms/fields.tsx';
import { isDestinationThere } from '../migrations/destination-text.ts';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { PreviewResult } from './preview-result.tsx';
import { errorsOf, STEPS } from './steps.ts';
import { summaryText } from './summary-text.ts';

export interface SummaryStepProps {
  form: DefinitionForm;
  /** The migration that is edited, in the version that the form is of; undefined: a new one. */
  edited: { id: string; version: number | undefined } | undefined;
  /** Whether it is run when it is saved. */
  runsNow: boolean;
  onRunsNow: (runsNow: boolean) => void;
  onSaved: (saved: MigrationView) => void;
  /** Fills in what is there now. */
  onReload: (present: MigrationView) => void;
}

/** What was defined, its preview, and the one commit. */
export function SummaryStep({ form, edited, runsNow, onRunsNow, onSaved, onReload }: SummaryStepProps) {
  const { data: clusters = [] } = useQuery(clustersQuery);
  const nameOf = (clusterId: string) => clusters.find((cluster) => cluster.id === clusterId)?.name ?? '…';
  const queries = useQueryClient();
  const navigate = useNavigate();
  const refuse = (error: Error) => form.refuse(error instanceof RequestError ? error.fields : []);
  const save = useMutation({
    mutationFn: async ({ definition, whatever }: { definition: MigrationDefinition; whatever?: boolean }) => {
      const saved = await saveMigration(edited && (whatever ? { id: edited.id } : edited), definition);
      onSaved(saved);
      queries.setQueryData(migrationQuery(saved.id).queryKey, saved);
      await queries.invalidateQueries({ queryKey: migrationsQuery.queryKey });
      if (!runsNow) return navigate('/migrations');
      try {
        navigate(`/runs/${(await startRun(saved.id, 'Migration')).id}`);
      } catch (error) {
        // It is saved: what is saved again from here is the same migration.
        const { message, cure } = error as RequestError;
        return navigate(`/migrations/${saved.id}/edit`, { replace: true, state: { notStarted: { message, cure } } });
      }
    },
    onMutate: () => form.refuse([]),
    onError: refuse,
  });
  const preview = useMutation({ mutationFn: previewDefinition, onMutate: () => form.refuse([]), onError: refuse });
  const reload = useMutation({
    mutationFn: (id: string) => queries.fetchQuery({ ...migrationQuery(id), staleTime: 0 }),
    onSuccess(present) {
      save.reset();
      onReload(present);
    },
  });
  const canPreview = isDestinationThere(filledIn(form));
  const wrong = STEPS.filter((step) => errorsOf(step.id, form.errors).length > 0);
  const act = (call: (definition: MigrationDefinition) => void) => () => {
    const definition = form.check();
    if (definition) call(definition);
  };
  return (
    <>
      <TextField form={form} path={['name']} label="Migration name" isRequired />
      {form.parsed && form.errors.length === 0 ? (
        <Content component="p" className="godwit-break">
          {summaryText(form.parsed, nameOf).join(' ')}
        </Content>
      ) : (
        <Alert variant="warning" isInline title="Something is missing or wrong yet">
          <List>
            {wrong.map((step) => (
              <ListItem key={step.id}>
                {step.title}: {[...new Set(errorsOf(step.id, form.errors).map(describe))].join(' ')}
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      {save.error && isOvertaken(save.error) && edited && (
        <Overtaken
          what="migration"
          onReload={() => reload.mutate(edited.id)}
          onKeepMine={act((definition) => save.mutate({ definition, whatever: true }))}
        />
      )}
      {save.error && !isOvertaken(save.error) && <RequestProblem doing="Not saved" error={save.error} />}
      {reload.error && <RequestProblem doing="Cannot read the migration" error={reload.error} />}
      {preview.error && <RequestProblem doing="No preview" error={preview.error} />}
      {preview.data && <PreviewResult id={preview.data.id} />}
      <Checkbox
        id="run-now"
        label="Run now"
        isChecked={runsNow}
        onChange={(_event, checked) => onRunsNow(checked)}
        description="Off: it is run later, by hand or by a schedule."
      />
      <Flex rowGap={{ default: 'rowGapSm' }}>
        <Button
          onClick={act((definition) => save.mutate({ definition }))}
          isLoading={save.isPending}
          isDisabled={save.isPending || preview.isPending}
        >
          {runsNow ? 'Save & Run' : 'Save'}
        </Button>
        {canPreview && (
          <Button
            variant="secondary"
            onClick={act((definition) => preview.mutate(definition))}
            isLoading={preview.isPending}
            isDisabled={save.isPending || preview.isPending}
          >
            {preview.data ? 'Preview again' : 'Preview'}
          </Button>
        )}
      </Flex>
      {!canPreview && (
        <Content component="p" className="godwit-subtle">
          There is no preview of a cluster that is yet to be created: the run checks it before anything is put into it.
        </Content>
      )}
    </>
  );
}

function describe({ path, message }: { path: readonly (string | number)[]; message: string }): string {
  // A field that is the whole of its step is called by the step already.
  const field = path.length > 1 ? path.slice(1).join('.') : path[0] === 'name' ? 'Migration name' : '';
  return field === '' ? message : `${field}: ${message}`;
}
