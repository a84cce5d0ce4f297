import { Content, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Panel } from '../run/panel.tsx';

export interface ClassesTableProps {
  title: string;
  /** Who makes what the classes are for: `Driver`. */
  of: string;
  classes: readonly { name: string; by: string; isDefault: boolean }[];
  /** Instead of an empty table. */
  none: string;
}

export function ClassesTable({ title, of, classes, none }: ClassesTableProps) {
  return (
    <Panel title={title}>
      {classes.length === 0 ? (
        <Content component="p">{none}</Content>
      ) : (
        <Table aria-label={title} variant="compact" borders={false}>
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>{of}</Th>
            </Tr>
          </Thead>
          <Tbody>
            {classes.map(({ name, by, isDefault }) => (
              <Tr key={name}>
                <Td dataLabel="Name" modifier="breakWord">
                  {name} {isDefault && <Label isCompact>default</Label>}
                </Td>
                <Td dataLabel={of} modifier="breakWord">
                  {by}
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  );
}
