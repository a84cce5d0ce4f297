import { Button, ClipboardCopy, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';

/** A secret that the API tells once: it stays until it was put away. */
export function ToldOnce({
  title,
  secret,
  children,
  onClose,
}: {
  title: string;
  secret: string;
  children: string;
  onClose: () => void;
}) {
  return (
    <Modal variant="small" isOpen aria-labelledby="told-title" aria-describedby="told-text">
      <ModalHeader title={title} labelId="told-title" />
      <ModalBody id="told-text">
        <p className="godwit-heading">{children}</p>
        <ClipboardCopy isReadOnly hoverTip="Copy" clickTip="Copied" textAriaLabel={title}>
          {secret}
        </ClipboardCopy>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>I have put it away</Button>
      </ModalFooter>
    </Modal>
  );
}
