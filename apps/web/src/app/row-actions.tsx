import { MenuToggle } from '@patternfly/react-core';
import EllipsisIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { ActionsColumn, type IAction } from '@patternfly/react-table';

/** What can be done with the thing of a row, behind a button that is called by the thing. */
export function RowActions({ of, items }: { of: string; items: IAction[] }) {
  return (
    <ActionsColumn
      items={items}
      actionsToggle={({ onToggle, isOpen, isDisabled, toggleRef }) => (
        <MenuToggle
          ref={toggleRef}
          variant="plain"
          icon={<EllipsisIcon />}
          aria-label={`Actions for ${of}`}
          onClick={onToggle}
          isExpanded={isOpen}
          isDisabled={isDisabled ?? false}
        />
      )}
    />
  );
}
