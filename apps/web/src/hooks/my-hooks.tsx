import type { AppHookView } from '@godwit/contracts/api';
import { AppHook } from '@godwit/contracts/app-hooks';
import { Button } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../access/caller.ts';
import { appHooksQuery, deleteAppHook } from '../api/app-hooks.ts';
import { ButtonLink } from '../app/button-link.tsx';
import { type Column, ManagedList } from '../app/managed-table.tsx';
import { NothingYet } from '../app/nothing-yet.tsx';
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
  const actionsOf = (hook: AppHookView): IAction[] => [
    { title: 'Show matching pods', onClick: () => setOpen({ what: 'match', hook }) },
    ...(mayChange
      ? [
          { title: 'Change', onClick: () => setOpen({ what: 'change', hook }) },
          { title: 'Clone', onClick: () => setOpen({ what: 'clone', hook }) },
          { title: 'Delete', isDanger: true, onClick: () => setOpen({ what: 'delete', hook }) },
        ]
      : []),
  ];
  return (
    <div className="godwit-tab">
      <ManagedList
        what="the hooks"
        label="My hooks"
        query={hooks}
        columns={COLUMNS}
        above={add}
        actionsOf={actionsOf}
        empty={
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
        }
      />
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
            await deleteAppHook(open.hook);
            await queries.invalidateQueries({ queryKey: appHooksQuery.queryKey });
          }}
        >
          Runs that were started before keep their own copy.
        </ConfirmDelete>
      )}
    </div>
  );
}

const COLUMNS: Column<AppHookView>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'When', cell: ({ type }) => hookTypeText(type) },
  { title: 'Pods', cell: ({ labels, container }) => `${labels}${container ? `, container ${container}` : ''}` },
  { title: 'If it fails', cell: ({ onError }) => (onError === 'Fail' ? 'the run fails' : 'the run goes on') },
];
