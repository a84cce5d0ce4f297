import { Settings } from '@godwit/contracts/settings';
import { ActionGroup, Alert, Button, Form as FormElement } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { settingsQuery, updateSettings } from '../api/settings.ts';
import { Loaded } from '../app/app-page.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { NumberField } from '../forms/fields.tsx';
import { useForm } from '../forms/use-form.ts';

/** How long archives are kept. */
export function Retention() {
  const settings = useQuery(settingsQuery);
  return (
    <div className="godwit-tab">
      <Loaded what="the settings" query={settings}>
        {(present) => <RetentionForm present={present} />}
      </Loaded>
    </div>
  );
}

function RetentionForm({ present }: { present: Settings }) {
  const queries = useQueryClient();
  const mayChange = useMay('admin');
  const form = useForm<Settings>({ schema: Settings, initial: present });
  /** What was filled in when it was saved: what is filled in afterwards is not. */
  const [kept, keep] = useState<unknown>();
  const save = useMutation({
    mutationFn: updateSettings,
    onSuccess: (saved) => queries.setQueryData(settingsQuery.queryKey, saved),
  });
  return (
    <FormElement
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const values = form.check();
        if (!values) return;
        keep(form.values);
        save.mutate(values);
      }}
    >
      {save.error && <RequestProblem doing="Not saved" error={save.error} />}
      {save.isSuccess && kept === form.values && <Alert variant="success" isInline isLiveRegion title="Saved" />}
      <NumberField
        form={form}
        path={['retention', 'archive', 'successHours']}
        label="Hours that the archive of a run that succeeded is kept"
        help="0: it is deleted as soon as the run ends. A migration may say otherwise."
        isRequired
      />
      <NumberField
        form={form}
        path={['retention', 'archive', 'failureHours']}
        label="Hours that the archive of a run that failed or was cancelled is kept"
        isRequired
      />
      {mayChange && (
        <ActionGroup>
          <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending}>
            Save
          </Button>
        </ActionGroup>
      )}
    </FormElement>
  );
}
