import { Button, Form as FormElement, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { RequestError } from '../api/request-error.ts';
import { RequestProblem } from '../app/request-problem.tsx';
import { type Form, type FormOptions, useForm } from './use-form.ts';

export interface FormModalProps<T> extends FormOptions<T> {
  title: string;
  submitText: string;
  save: (values: T) => Promise<unknown>;
  onClose: () => void;
  children: (form: Form<T>) => ReactNode;
  variant?: 'small' | 'medium' | 'large';
}

/** A form in a window over the page. What the API says of a field stands at the field. */
export function FormModal<T>({ title, submitText, save, onClose, children, variant = 'medium', ...options }: FormModalProps<T>) {
  const id = useId();
  const form = useForm<T>(options);
  const saving = useMutation({
    mutationFn: save,
    onSuccess: onClose,
    onError: (error) => form.refuse(error instanceof RequestError ? error.fields : []),
  });
  return (
    <Modal variant={variant} isOpen onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody>
        <FormElement
          id={`${id}-form`}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const values = form.check();
            if (values !== undefined) saving.mutate(values);
          }}
        >
          {saving.error && <RequestProblem doing="Not saved" error={saving.error} />}
          {children(form)}
        </FormElement>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={`${id}-form`} isLoading={saving.isPending} isDisabled={saving.isPending}>
          {submitText}
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
