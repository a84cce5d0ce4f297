import { type IAction, Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loaded } from './app-page.tsx';
import { Gap } from './gap.tsx';
import { RowActions } from './row-actions.tsx';
import { useVirtualRows } from './use-virtual-rows.ts';

/** About the height of a row on a wide screen. */
const ROW_PX = 40;

export interface Column<T> {
  title: string;
  cell: (item: T) => ReactNode;
  className?: string;
}

export interface ManagedTableProps<T> {
  /** What the table is called. */
  label: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  /** What can be done with one; none: there is no menu. */
  actionsOf?: (item: T) => IAction[];
}

/** A table of named things, each with what can be done with it. Of a long one only the rows that are seen are there. */
export function ManagedTable<T extends { id: string; name: string }>(props: ManagedTableProps<T>) {
  const { label, items, columns, actionsOf } = props;
  const rows = useVirtualRows(items.length, ROW_PX);
  const width = columns.length + (actionsOf ? 1 : 0);
  return (
    <Table aria-label={label} aria-rowcount={items.length + 1} variant="compact">
      <Thead>
        <Tr>
          {columns.map(({ title }) => (
            <Th key={title} modifier="wrap">
              {title}
            </Th>
          ))}
          {actionsOf && <Th screenReaderText="Actions" />}
        </Tr>
      </Thead>
      <Tbody ref={rows.around}>
        <Gap px={rows.before} columns={width} />
        {rows.indexes.map((index) => {
          const item = items[index]!;
          const actions = actionsOf?.(item) ?? [];
          return (
            <Tr key={item.id} ref={rows.measure} data-index={index} aria-rowindex={index + 2}>
              {columns.map(({ title, cell, className }) => (
                <Td key={title} dataLabel={title} modifier="breakWord" {...(className ? { className } : {})}>
                  {cell(item)}
                </Td>
              ))}
              {actionsOf && <Td isActionCell>{actions.length > 0 && <RowActions of={item.name} items={actions} />}</Td>}
            </Tr>
          );
        })}
        <Gap px={rows.after} columns={width} />
      </Tbody>
    </Table>
  );
}

export interface ManagedListProps<T> extends Omit<ManagedTableProps<T>, 'items'> {
  /** What is read, for people: `the clusters`. */
  what: string;
  query: UseQueryResult<readonly T[]>;
  /** Instead of an empty table. */
  empty: ReactNode;
  /** Above the table, where there is one. */
  above?: ReactNode;
}

/** What is managed on a page: grey bars until it is read, what it is for while there is none, else its table. */
export function ManagedList<T extends { id: string; name: string }>(props: ManagedListProps<T>) {
  const { what, query, empty, above, ...table } = props;
  return (
    <Loaded what={what} query={query}>
      {(items) =>
        items.length === 0 ? (
          empty
        ) : (
          <>
            {above}
            <ManagedTable {...table} items={items} />
          </>
        )
      }
    </Loaded>
  );
}
