import { AppHookSpec, HOOK_SLOTS, type RunHook, type RunHooks } from '@godwit/contracts/app-hooks';
import type { HookUse, MigrationHooks } from '@godwit/contracts/migration-definition';
import type { Prisma } from './generated/client.ts';

/** A run was to begin with a hook that is not there any more. */
export class HookMissingError extends Error {
  constructor(readonly hookId: string) {
    super(`there is no hook ${hookId}`);
  }
}

/**
 * The hooks of a definition as they are saved now: the copy that a run keeps.
 *
 * @throws HookMissingError
 */
export async function copyHooks(
  transaction: Pick<Prisma.TransactionClient, 'appHook'>,
  organisationId: string,
  hooks: MigrationHooks,
): Promise<RunHooks> {
  const ids = HOOK_SLOTS.flatMap((slot) => hooks[slot].map(({ hookId }) => hookId));
  const rows = ids.length > 0 ? await transaction.appHook.findMany({ where: { organisationId, id: { in: ids } } }) : [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const copy = ({ hookId, namespaces }: HookUse): RunHook => {
    const row = byId.get(hookId);
    if (!row) throw new HookMissingError(hookId);
    return { name: row.name, ...AppHookSpec.parse(row.spec), namespaces };
  };
  return {
    sourcePre: hooks.sourcePre.map(copy),
    sourcePost: hooks.sourcePost.map(copy),
    destinationPost: hooks.destinationPost.map(copy),
  };
}

/** @param stored the column of a run, which may be of a time before there were hooks */
export function toRunHooks(stored: unknown): RunHooks {
  return { sourcePre: [], sourcePost: [], destinationPost: [], ...(stored as Partial<RunHooks>) };
}
