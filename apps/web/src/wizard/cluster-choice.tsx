import type { ClusterView } from '@godwit/contracts/api';
import { FormGroup, FormHelperText, HelperText, HelperTextItem, Radio } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { clusterStatusQuery } from '../api/clusters.ts';
import { ClusterState } from '../clusters/cluster-state.tsx';

export interface ClusterChoiceProps {
  label: string;
  name: string;
  clusters: readonly ClusterView[];
  chosen: string;
  onChoose: (id: string) => void;
  error: string | undefined;
}

/** Registered clusters to choose one from; those that do not answer cannot be chosen, and say why. */
export function ClusterChoice({ label, name, clusters, chosen, onChoose, error }: ClusterChoiceProps) {
  return (
    <FormGroup role="radiogroup" label={label} fieldId={name} isStack isRequired>
      {clusters.map((cluster) => (
        <Choice key={cluster.id} name={name} cluster={cluster} isChosen={chosen === cluster.id} onChoose={onChoose} />
      ))}
      <FormHelperText>
        <HelperText isLiveRegion>{error && <HelperTextItem variant="error">{error}</HelperTextItem>}</HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

interface ChoiceProps {
  name: string;
  cluster: ClusterView;
  isChosen: boolean;
  onChoose: (id: string) => void;
}

function Choice({ name, cluster: { id, name: title, server }, isChosen, onChoose }: ChoiceProps) {
  const { data: status } = useQuery(clusterStatusQuery(id));
  const isDown = status !== undefined && status.state !== 'Active';
  const facts = [status?.version, status?.nodes !== undefined && `${status.nodes} nodes`, server].filter(Boolean).join(', ');
  return (
    <Radio
      id={`${name}-${id}`}
      name={name}
      label={
        <>
          {title} <ClusterState id={id} />
        </>
      }
      description={isDown ? status.problem?.message : facts}
      isChecked={isChosen}
      onChange={() => onChoose(id)}
    />
  );
}
