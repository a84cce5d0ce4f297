import { type ClusterView, RegisterCluster, UpdateCluster } from '@godwit/contracts/api';
import { FileUpload } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { clusterStatusQuery, clustersQuery, registerCluster, updateCluster } from '../api/clusters.ts';
import { Field, idOf, NumberField, TextField } from '../forms/fields.tsx';
import { FormModal } from '../forms/form-modal.tsx';
import type { Form } from '../forms/use-form.ts';
import { usePresent } from '../forms/use-present.ts';

const KUBECONFIG = ['kubeconfig'];

export interface ClusterFormProps {
  /** The one to change; undefined: a new one. */
  cluster?: ClusterView;
  onClose: () => void;
  onSaved?: (id: string) => void;
}

const initialOf = ({ name, maxConcurrentRuns }: ClusterView) => ({ name, maxConcurrentRuns });

export function ClusterForm({ cluster, onClose, onSaved }: ClusterFormProps) {
  const queries = useQueryClient();
  const { meant, reread } = usePresent(cluster, clustersQuery);
  return (
    <FormModal<RegisterCluster | UpdateCluster>
      title={cluster ? `Change ${cluster.name}` : 'Register a cluster'}
      submitText={cluster ? 'Save' : 'Register'}
      schema={cluster ? UpdateCluster : RegisterCluster}
      initial={cluster ? initialOf(cluster) : { name: '', kubeconfig: '' }}
      changes={cluster && { what: 'cluster', reread: async () => initialOf(await reread()) }}
      onClose={onClose}
      save={async (values, whatever) => {
        const present = meant(whatever);
        const saved = await (present ? updateCluster(present, values) : registerCluster(values as RegisterCluster));
        queries.setQueryData(clusterStatusQuery(saved.id).queryKey, saved.status);
        await queries.invalidateQueries({ queryKey: clustersQuery.queryKey });
        onSaved?.(saved.id);
      }}
    >
      {(form) => (
        <>
          <TextField form={form} path={['name']} label="Name" isRequired />
          <KubeconfigField form={form} isNew={!cluster} />
          <NumberField
            form={form}
            path={['maxConcurrentRuns']}
            label="Runs at work on it at once"
            help="The others wait in the queue. 4 unless it is said."
          />
        </>
      )}
    </FormModal>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: it does not care what else its form has
function KubeconfigField({ form, isNew }: { form: Form<any>; isNew: boolean }) {
  const [filename, setFilename] = useState('');
  // What is refused lies within the document: its place is told with it.
  const within = form.errors.filter(({ path }) => path[0] === 'kubeconfig' && path.length > 1);
  const told = within.map(({ path, message }) => `${path.slice(1).join('.')} ${message}.`).join(' ');
  const error = form.errorOf(KUBECONFIG) ?? (told || undefined);
  const shown: Form<unknown> = { ...form, errorOf: () => error };
  return (
    <Field
      form={shown}
      path={KUBECONFIG}
      label="Kubeconfig"
      isRequired={isNew}
      help={
        isNew
          ? 'Paste it, or drop its file here. It is sealed and never shown again. Programs to run (exec) and paths of files are refused: give a token or certificates in it.'
          : 'Leave it empty to keep the present one.'
      }
    >
      <FileUpload
        id={idOf(KUBECONFIG)}
        type="text"
        className="godwit-mono"
        value={String(form.at(KUBECONFIG) ?? '')}
        filename={filename}
        filenamePlaceholder="Drop a file or choose one"
        browseButtonText="Choose"
        allowEditingUploadedText
        validated={error ? 'error' : 'default'}
        aria-label="Kubeconfig"
        onFileInputChange={(_event, file) => setFilename(file.name)}
        onDataChange={(_event, text) => form.set(KUBECONFIG, text)}
        onTextChange={(_event, text) => form.set(KUBECONFIG, text === '' && !isNew ? undefined : text)}
        onClearClick={() => {
          setFilename('');
          form.set(KUBECONFIG, isNew ? '' : undefined);
        }}
      />
    </Field>
  );
}
