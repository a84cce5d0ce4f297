import { Button, type ButtonProps, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { RequestProblem } from '../app/request-problem.tsx';

export interface ConfirmActionProps {
  title: string;
  /** What happens then, as sentences. */
  children: ReactNode;
  /** On the button that does it. */
  doIt: string;
  /** On the one that does not. */
  leaveIt: string;
  variant?: ButtonProps['variant'];
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what an action means before it is done. */
export function ConfirmAction({ title, children, doIt, leaveIt, variant = 'primary', act, onClose }: ConfirmActionProps) {
  const id = useId();
  const acting = useMutation({ mutationFn: act, onSuccess: onClose });
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <ModalHeader title={title} labelId={`${id}-title`} titleIconVariant="warning" />
      <ModalBody id={`${id}-text`}>
        {children}
        {acting.error && <RequestProblem doing="Not done" error={acting.error} />}
      </ModalBody>
      <ModalFooter>
        <Button variant={variant} isLoading={acting.isPending} isDisabled={acting.isPending} onClick={() => acting.mutate()}>
          {doIt}
        </Button>
        <Button variant="link" onClick={onClose}>
          {leaveIt}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
