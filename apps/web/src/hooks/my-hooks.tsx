import type { AppHookView } from '@godwit/contracts/api';
import { AppHook } from '@godwit/contracts/app-hooks';
import { Button } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { appHooksQuery, deleteAppHook } from '../api/app-hooks.ts';
import { Loaded } from '../app/app-page.tsx';
import { ButtonLink } from '../app/button-link.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
import { RowActions } from '../app/row-actions.tsx';
import { ConfirmDelete } from '../forms/confirm-delete.tsx';
import { HookForm } from './hook-form.tsx';
import { hookTypeText } from './hook-types.ts';
import { MatchingPods } from './matching-pods.tsx';

type Open = { what: 'new' } | { what: 'change' | 'clone' | 'delete' | 'match'; hook: AppHookView };

/** The saved hooks. */
export function MyHooks() {
  const hooks = useQuery(appHooksQuery);
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayChange = useMay('operator');
  const close = () => setOpen(undefined);
  const add = mayChange && <Button onClick={() => setOpen({ what: 'new' })}>Save a hook</Button>;
  return (
    <div className="godwit-tab">
      <Loaded what="the hooks" query={hooks}>
        {(items) =>
          items.length === 0 ? (
            <NothingYet
              title="No hook yet"
              action={
                <>
                  {add}{' '}
                  <ButtonLink to="/app-hooks?tab=templates" variant="link">
                    Look at the templates
                  </ButtonLink>
                </>
              }
            >
              A hook makes an application write down what it has in memory before its volumes are copied, and lets it go on after.
            </NothingYet>
          ) : (
            <>
              {add}
              <Table aria-label="My hooks" variant="compact">
                <Thead>
                  <Tr>
                    <Th>Name</Th>
                    <Th>When</Th>
                    <Th>Pods</Th>
                    <Th>If it fails</Th>
                    <Th screenReaderText="Actions" />
                  </Tr>
                </Thead>
                <Tbody>
                  {items.map((hook) => (
                    <HookRow key={hook.id} hook={hook} mayChange={mayChange} onOpen={(what) => setOpen({ what, hook })} />
                  ))}
                </Tbody>
              </Table>
            </>
          )
        }
      </Loaded>
      {open?.what === 'new' && <HookForm onClose={close} />}
      {open?.what === 'change' && <HookForm hook={open.hook} onClose={close} />}
      {open?.what === 'clone' && (
        <HookForm begin={AppHook.parse({ ...open.hook, name: `${open.hook.name} copy` })} onClose={close} />
      )}
      {open?.what === 'match' && <MatchingPods hook={open.hook} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmDelete
          what="hook"
          name={open.hook.name}
          onClose={close}
          remove={async () => {
            await deleteAppHook(open.hook.id);
            await queries.invalidateQueries({ queryKey: appHooksQuery.queryKey });
          }}
        >
          Runs that were started before keep their own copy.
        </ConfirmDelete>
      )}
    </div>
  );
}

interface RowProps {
  hook: AppHookView;
  mayChange: boolean;
  onOpen: (what: 'change' | 'clone' | 'delete' | 'match') => void;
}

function HookRow({ hook: { name, type, labels, container, onError }, mayChange, onOpen }: RowProps) {
  const actions = [
    { title: 'Show matching pods', onClick: () => onOpen('match') },
    ...(mayChange
      ? [
          { title: 'Change', onClick: () => onOpen('change') },
          { title: 'Clone', onClick: () => onOpen('clone') },
          { title: 'Delete', isDanger: true, onClick: () => onOpen('delete') },
        ]
      : []),
  ];
  return (
    <Tr>
      <Td dataLabel="Name" modifier="breakWord">
        {name}
      </Td>
      <Td dataLabel="When">{hookTypeText(type)}</Td>
      <Td dataLabel="Pods" modifier="breakWord">
        {labels}
        {container && `, container ${container}`}
      </Td>
      <Td dataLabel="If it fails">{onError === 'Fail' ? 'the run fails' : 'the run goes on'}</Td>
      <Td isActionCell>
        <RowActions items={actions} of={name} />
      </Td>
    </Tr>
  );
}
