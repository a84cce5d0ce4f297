import { HOOK_SLOTS, TYPES_OF_SLOT } from '@godwit/contracts/app-hooks';
import type { ArchiveStorage, CopyStorage } from '@godwit/contracts/archive-storage';
import type { MigrationDefinition, MigrationHooks } from '@godwit/contracts/migration-definition';
import type { FieldError } from '@godwit/contracts/problem-details';
import { AppHookStore } from '@godwit/db/app-hook-store';
import { ClusterStore } from '@godwit/db/cluster-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { RunStore } from '@godwit/db/run-store';
import { checkSelectors } from '@godwit/selection/check-selectors';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { ConflictException, Injectable } from '@nestjs/common';
import { StorageReferences } from './storage-references.ts';

/** What a definition refers to. */
type Reference = { clusterId: string } | { objectStoreId: string } | { hookId: string };

/** Keeps definitions and what they refer to together. */
@Injectable()
export class References {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly storage: StorageReferences,
    private readonly hooks: AppHookStore,
    private readonly migrations: MigrationStore,
    private readonly runs: RunStore,
  ) {}

  /**
   * @throws FieldProblem 400 that names each selector which cannot be read, 422 each field which refers to nothing of the
   * organisation's
   */
  async check(organisationId: string, definition: MigrationDefinition): Promise<void> {
    const unreadable = checkSelectors(definition);
    if (unreadable.length > 0) throw new FieldProblem(400, 'the migration has selectors that cannot be read', unreadable);
    const { sourceClusterId, destination, copy, hooks } = definition;
    const [source, target, wrongHooks] = await Promise.all([
      this.clusters.find(organisationId, sourceClusterId),
      this.clusters.find(organisationId, destination.clusterId),
      this.checkHooks(organisationId, hooks),
    ]);
    const wrongStorage = await this.storage.ofDefinition(organisationId, copy.storage, source);
    const wrong: FieldError[] = [...wrongHooks];
    if (!source) wrong.push({ path: ['sourceClusterId'], message: 'is not the id of a registered cluster' });
    if (!target) wrong.push({ path: ['destination', 'clusterId'], message: 'is not the id of a registered cluster' });
    if (wrongStorage) wrong.push(wrongStorage);
    if (wrong.length > 0) throw new FieldProblem(422, 'the migration refers to what is not registered', wrong);
  }

  /** @throws FieldProblem 422 if a cluster is to prefer what is not there */
  async checkPreferredStorage(organisationId: string, storage: ArchiveStorage): Promise<void> {
    const wrong = await this.storage.missing(organisationId, storage, ['preferences', 'storage']);
    if (wrong) throw new FieldProblem(422, 'the cluster is to prefer what is not registered', [wrong]);
  }

  private async checkHooks(organisationId: string, hooks: MigrationHooks): Promise<FieldError[]> {
    if (HOOK_SLOTS.every((slot) => hooks[slot].length === 0)) return [];
    const saved = new Map((await this.hooks.list(organisationId)).map((hook) => [hook.id, hook]));
    return HOOK_SLOTS.flatMap((slot) =>
      hooks[slot].flatMap(({ hookId }, index): FieldError[] => {
        const path = ['hooks', slot, index, 'hookId'];
        const hook = saved.get(hookId);
        if (!hook) return [{ path, message: 'is not the id of a saved hook' }];
        if (TYPES_OF_SLOT[slot].includes(hook.type)) return [];
        return [
          { path, message: `is the hook "${hook.name}" of type ${hook.type}; here go ${TYPES_OF_SLOT[slot].join(' and ')}` },
        ];
      }),
    );
  }

  /** @throws ConflictException 409 that names the migrations or clusters and counts the unfinished runs that need it */
  async refuseWhileUsed(organisationId: string, reference: Reference): Promise<void> {
    const migrations = await this.migrations.list(organisationId);
    refuseUsers(
      'migration',
      migrations.filter(({ definition }) => refersTo(definition, reference)),
    );
    if ('objectStoreId' in reference) {
      const clusters = await this.clusters.list(organisationId);
      refuseUsers(
        'cluster',
        clusters.filter(({ preferredStorage }) => isStore(preferredStorage, reference.objectStoreId)),
      );
    }
    // Runs have their own copies of hooks.
    if (!('hookId' in reference)) await this.refuseWhileRunning(organisationId, reference);
  }

  /** @throws ConflictException 409 that counts the unfinished runs that need it */
  async refuseWhileRunning(organisationId: string, reference: Exclude<Reference, { hookId: string }>): Promise<void> {
    const unfinished = await this.runs.countUnfinished(organisationId, reference);
    if (unfinished > 0) {
      throw new ConflictException(
        `it is still used by ${unfinished} unfinished run${unfinished > 1 ? 's' : ''}; wait or cancel first`,
      );
    }
  }
}

function refersTo(definition: MigrationDefinition, reference: Reference): boolean {
  if ('hookId' in reference)
    return HOOK_SLOTS.some((slot) => definition.hooks[slot].some(({ hookId }) => hookId === reference.hookId));
  if ('objectStoreId' in reference) return isStore(definition.copy.storage, reference.objectStoreId);
  return [definition.sourceClusterId, definition.destination.clusterId].includes(reference.clusterId);
}

function isStore(storage: CopyStorage | undefined, objectStoreId: string): boolean {
  return storage?.type === 'ObjectStore' && storage.objectStoreId === objectStoreId;
}

function refuseUsers(kind: string, users: readonly { name: string }[]): void {
  if (users.length === 0) return;
  const names = users.map(({ name }) => `"${name}"`).join(', ');
  throw new ConflictException(
    `it is still used by the ${kind}${users.length > 1 ? 's' : ''} ${names}; change or delete what uses it first`,
  );
}
