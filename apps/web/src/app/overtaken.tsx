import { Alert, AlertActionLink } from '@patternfly/react-core';

export interface OvertakenProps {
  /** Without article: `migration` */
  what: string;
  /** Reads what is there now into the form. */
  onReload: () => void;
  /** Saves what is filled in, whatever is there now. */
  onKeepMine: () => void;
}

/** Somebody else has changed what is edited: nothing is lost until one says which of both is to be. */
export function Overtaken({ what, onReload, onKeepMine }: OvertakenProps) {
  return (
    <Alert
      variant="warning"
      isInline
      title={`The ${what} was changed by somebody else since it was read`}
      actionLinks={
        <>
          <AlertActionLink onClick={onReload}>Load what is there now</AlertActionLink>
          <AlertActionLink onClick={onKeepMine}>Save mine over it</AlertActionLink>
        </>
      }
    >
      Nothing was saved, and what you filled in is still here. Loading replaces it; saving replaces the other change.
    </Alert>
  );
}
