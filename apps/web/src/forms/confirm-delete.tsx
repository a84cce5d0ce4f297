import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { isOvertaken } from '../api/versions.ts';
import { RequestProblem } from '../app/request-problem.tsx';

export interface ConfirmDeleteProps {
  /** `cluster` */
  what: string;
  name: string;
  /** What it means, as sentences. */
  children: ReactNode;
  remove: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the name of what is to be deleted, so that nobody deletes the wrong thing by a slip. */
export function ConfirmDelete({ what, name, children, remove, onClose }: ConfirmDeleteProps) {
  const id = useId();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const removing = useMutation({
    mutationFn: remove,
    onSuccess: onClose,
    // What one then looks at has to be what is there now.
    onError: (error) => isOvertaken(error) && queries.invalidateQueries(),
  });
  const isSure = typed === name;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <ModalHeader title={`Delete the ${what} ${name}?`} labelId={`${id}-title`} titleIconVariant="warning" />
      <ModalBody>
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault();
            if (isSure) removing.mutate();
          }}
        >
          <div id={`${id}-text`}>{children}</div>
          {removing.error && <RequestProblem doing="Not deleted" error={removing.error} />}
          <FormGroup label={`Type ${name} to confirm`} fieldId={`${id}-name`}>
            <TextInput id={`${id}-name`} autoComplete="off" value={typed} onChange={(_event, value) => setTyped(value)} />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant="danger"
          isDisabled={!isSure || removing.isPending}
          isLoading={removing.isPending}
        >
          Delete
        </Button>
        <Button variant="link" onClick={onClose}>
          Keep it
        </Button>
      </ModalFooter>
    </Modal>
  );
}
