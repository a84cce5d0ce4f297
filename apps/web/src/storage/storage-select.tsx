import type { ArchiveStorage, CopyStorage } from '@godwit/contracts/archive-storage';
import { FormSelect, FormSelectOption, type FormSelectProps } from '@patternfly/react-core';
import { RequestProblem } from '../app/request-problem.tsx';
import { keyOfStorage, useStorageOffer } from './storage-choice.ts';

export interface StorageSelectProps extends Omit<FormSelectProps, 'children' | 'value' | 'onChange' | 'ref'> {
  chosen: CopyStorage | undefined;
  /** Instead of a place. */
  none: string;
  /** @param storage undefined: none */
  onChoose: (storage: ArchiveStorage | undefined) => void;
}

/** One of the places where archives can lie. */
export function StorageSelect({ chosen, none, onChoose, ...props }: StorageSelectProps) {
  const { options, error, onRetry } = useStorageOffer(chosen);
  return (
    <>
      <FormSelect
        {...props}
        value={keyOfStorage(chosen)}
        onChange={(_event, picked) => onChoose(options.find(({ key }) => key === picked)?.storage)}
      >
        <FormSelectOption value="" label={none} />
        {options.map(({ key, label }) => (
          <FormSelectOption key={key} value={key} label={label} />
        ))}
      </FormSelect>
      {error && <RequestProblem doing="Cannot list the storage" error={error} onRetry={onRetry} />}
    </>
  );
}
