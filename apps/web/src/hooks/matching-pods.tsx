import type { AppHookView } from '@godwit/contracts/api';
import type { HookPods } from '@godwit/contracts/calls';
import {
  Button,
  Content,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMutation, useQuery } from '@tanstack/react-query';
import { matchHook } from '../api/app-hooks.ts';
import { clustersQuery } from '../api/clusters.ts';
import { Problem } from '../app/problem.tsx';
import { RequestProblem } from '../app/request-problem.tsx';

/** In which pods a hook would run on a cluster now. Nothing is run. */
export function MatchingPods({ hook, onClose }: { hook: AppHookView; onClose: () => void }) {
  const { data: clusters = [] } = useQuery(clustersQuery);
  const matching = useMutation({ mutationFn: (clusterId: string) => matchHook(hook.id, clusterId) });
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="match-title">
      <ModalHeader
        title={`Where ${hook.name} would run`}
        description="The pods that match now. Nothing is run."
        labelId="match-title"
      />
      <ModalBody>
        <FormSelect
          aria-label="Cluster"
          value={matching.variables ?? ''}
          onChange={(_event, id) => matching.mutate(id)}
          className="godwit-heading"
        >
          <FormSelectOption value="" label="Choose a cluster" isDisabled />
          {clusters.map(({ id, name }) => (
            <FormSelectOption key={id} value={id} label={name} />
          ))}
        </FormSelect>
        {matching.isPending && <Content component="p">Asking the cluster …</Content>}
        {matching.error && <RequestProblem doing="Not asked" error={matching.error} />}
        {matching.data && <Pods {...matching.data} />}
      </ModalBody>
      <ModalFooter>
        <Button variant="link" onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Pods({ pods, problem }: HookPods) {
  if (problem) return <Problem finding={problem} />;
  if (pods.length === 0) return <Content component="p">No pod matches: the hook would do nothing there.</Content>;
  return (
    <Table aria-label="Matching pods" variant="compact">
      <Thead>
        <Tr>
          <Th>Pod</Th>
          <Th>Container</Th>
          <Th>Ready</Th>
        </Tr>
      </Thead>
      <Tbody>
        {pods.map(({ namespace, name, container, ready }) => (
          <Tr key={`${namespace}/${name}`}>
            <Td dataLabel="Pod" modifier="breakWord">
              {namespace}/{name}
            </Td>
            <Td dataLabel="Container">{container ?? 'has none of that name'}</Td>
            <Td dataLabel="Ready">{ready ? 'yes' : 'no'}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
