import { Button, Form as FormElement, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { RequestError } from '../api/request-error.ts';
import { isOvertaken } from '../api/versions.ts';
import { Overtaken } from '../app/overtaken.tsx';
import { RequestProblem } from '../app/request-problem.tsx';
import { type Form, type FormOptions, useForm } from './use-form.ts';

export interface FormModalProps<T> extends FormOptions<T> {
  title: string;
  submitText: string;
  /** @param whatever even if somebody else has changed it meanwhile */
  save: (values: T, whatever: boolean) => Promise<unknown>;
  /** Of a form that changes something: what it is called, without article, and how what is there now gets into the form. */
  changes?: { what: string; reread: () => Promise<unknown> } | undefined;
  onClose: () => void;
  children: (form: Form<T>) => ReactNode;
  variant?: 'small' | 'medium' | 'large';
}

/** A form in a window over the page. What the API says of a field stands at the field. */
export function FormModal<T>(props: FormModalProps<T>) {
  const { title, submitText, save, changes, onClose, children, variant = 'medium', ...options } = props;
  const id = useId();
  const form = useForm<T>(options);
  const saving = useMutation({
    mutationFn: ({ values, whatever }: { values: T; whatever: boolean }) => save(values, whatever),
    onSuccess: onClose,
    onError: (error) => form.refuse(error instanceof RequestError ? error.fields : []),
  });
  const rereading = useMutation({
    mutationFn: async () => changes?.reread(),
    onSuccess(values) {
      saving.reset();
      form.reset(values);
    },
  });
  const submit = (whatever: boolean) => {
    const values = form.check();
    if (values !== undefined) saving.mutate({ values, whatever });
  };
  const overtaken = isOvertaken(saving.error) ? changes : undefined;
  return (
    <Modal variant={variant} isOpen onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody>
        <FormElement
          id={`${id}-form`}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit(false);
          }}
        >
          {overtaken && <Overtaken what={overtaken.what} onReload={() => rereading.mutate()} onKeepMine={() => submit(true)} />}
          {rereading.error && <RequestProblem doing="Cannot read it again" error={rereading.error} />}
          {saving.error && !overtaken && <RequestProblem doing="Not saved" error={saving.error} />}
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
