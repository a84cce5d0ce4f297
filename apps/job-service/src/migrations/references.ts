import { HOOK_SLOTS, TYPES_OF_SLOT } from '@godwit/contracts/app-hooks';
import type { ArchiveStorage, CopyStorage } from '@godwit/contracts/archive-storage';
import { CREATABLE, PROVIDER_OF } from '@godwit/contracts/cloud-accounts';
import { type CreatedDestination, type Destination, registeredClusterId } from '@godwit/contracts/destination';
import type { MigrationDefinition, MigrationHooks } from '@godwit/contracts/migration-definition';
import type { FieldError } from '@godwit/contracts/problem-details';
import type { RunKind } from '@godwit/contracts/run';
import type { SaveSchedule } from '@godwit/contracts/schedules';
import { AppHookStore } from '@godwit/db/app-hook-store';
import { CloudAccountStore } from '@godwit/db/cloud-account-store';
import { ClusterStore } from '@godwit/db/cluster-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import { RunStore } from '@godwit/db/run-store';
import { StagedVolumeStore } from '@godwit/db/staged-volume-store';
import { checkSelectors } from '@godwit/selection/check-selectors';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { ConflictException, Injectable } from '@nestjs/common';
import { ServiceCalls } from '../calls/service-calls.ts';
import { StorageReferences } from './storage-references.ts';

/** What a definition refers to. */
type Reference = { clusterId: string } | { objectStoreId: string } | { cloudAccountId: string } | { hookId: string };

/** Keeps definitions and what they refer to together. */
@Injectable()
export class References {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly storage: StorageReferences,
    private readonly accounts: CloudAccountStore,
    private readonly hooks: AppHookStore,
    private readonly migrations: MigrationStore,
    private readonly runs: RunStore,
    private readonly calls: ServiceCalls,
    private readonly archives: RunArchiveStore,
    private readonly staged: StagedVolumeStore,
  ) {}

  /**
   * @throws FieldProblem 400 that names each selector which cannot be read, 422 each field which refers to nothing of the
   * organisation's
   */
  async check(organisationId: string, definition: MigrationDefinition): Promise<void> {
    const unreadable = checkSelectors(definition);
    if (unreadable.length > 0) throw new FieldProblem(400, 'the migration has selectors that cannot be read', unreadable);
    const { sourceClusterId, destination, copy, hooks } = definition;
    const [source, wrongDestination, wrongHooks] = await Promise.all([
      this.clusters.find(organisationId, sourceClusterId),
      this.checkDestination(organisationId, destination),
      this.checkHooks(organisationId, hooks),
    ]);
    const wrongStorage = await this.storage.ofDefinition(organisationId, copy.storage, source);
    const wrong: FieldError[] = [...wrongHooks];
    if (!source) wrong.push({ path: ['sourceClusterId'], message: 'is not the id of a registered cluster' });
    wrong.push(...wrongDestination);
    if (wrongStorage) wrong.push(wrongStorage);
    if (wrong.length > 0) throw new FieldProblem(422, 'the migration refers to what is not registered', wrong);
  }

  /** @throws FieldProblem 422 if a cluster is to prefer what is not there */
  async checkPreferredStorage(organisationId: string, storage: ArchiveStorage): Promise<void> {
    const wrong = await this.storage.missing(organisationId, storage, ['preferences', 'storage']);
    if (wrong) throw new FieldProblem(422, 'the cluster is to prefer what is not registered', [wrong]);
  }

  /**
   * What has to hold when a run starts, beside what `check` asks for.
   *
   * @throws FieldProblem as `check`; 422 if a cluster that is to be created has the name of a registered one
   */
  async checkStart(organisationId: string, definition: MigrationDefinition, kind: RunKind): Promise<void> {
    await this.check(organisationId, definition);
    const { destination } = definition;
    if (destination.type === 'Registered') return;
    const staging = 'is a cluster that is yet to be created; stage and cut over to one that is there';
    refuseToCreate(destination, kind, { path: ['destination', 'type'], message: staging });
    const taken = (await this.clusters.list(organisationId)).some(({ name }) => name === destination.name);
    if (!taken) return;
    const message = 'is the name of a registered cluster; choose that one as the destination, or another name';
    throw new FieldProblem(422, 'the destination is there already', [{ path: ['destination', 'name'], message }]);
  }

  /**
   * The definition may change until the schedule's time, when `checkStart` is asked. One that is suspended may be of any.
   *
   * @throws FieldProblem 422 if its runs would have to create their destination and cannot
   */
  async checkSchedule(organisationId: string, { migrationId, kind, suspend }: SaveSchedule): Promise<void> {
    if (suspend || kind === 'Migration') return;
    const migration = await this.migrations.find(organisationId, migrationId);
    if (!migration) return; // told when it is written
    const message = `cannot be ${kind} of "${migration.name}", whose destination is a cluster that is yet to be created`;
    refuseToCreate(migration.definition.destination, kind, { path: ['kind'], message });
  }

  private async checkDestination(organisationId: string, destination: Destination): Promise<FieldError[]> {
    if (destination.type !== 'Registered') return this.checkCreated(organisationId, destination);
    if (await this.clusters.find(organisationId, destination.clusterId)) return [];
    return [{ path: ['destination', 'clusterId'], message: 'is not the id of a registered cluster' }];
  }

  private async checkCreated(organisationId: string, destination: CreatedDestination): Promise<FieldError[]> {
    const { type, cloudAccountId } = destination;
    if (!CREATABLE.includes(type)) {
      const message = `is ${type}, of which no clusters can be created yet (there are: ${CREATABLE.join(', ') || 'none'}); create it yourself and register it`;
      return [{ path: ['destination', 'type'], message }];
    }
    const account = await this.accounts.find(organisationId, cloudAccountId);
    const path = ['destination', 'cloudAccountId'];
    if (!account) return [{ path, message: 'is not the id of a cloud account' }];
    if (account.provider === PROVIDER_OF[type]) {
      // Where nobody answers, the run tells: its step asks the same.
      const { errors } = await this.calls.validateDestination({ destination });
      return errors.map((error) => ({ ...error, path: ['destination', ...error.path] }));
    }
    return [
      { path, message: `is the account "${account.name}" of ${account.provider}; ${type} needs one of ${PROVIDER_OF[type]}` },
    ];
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

  /** @throws ConflictException 409 that counts the unfinished runs that need it, and the finished ones whose archive it holds */
  async refuseWhileRunning(organisationId: string, reference: Exclude<Reference, { hookId: string }>): Promise<void> {
    const unfinished = await this.runs.countUnfinished(organisationId, reference);
    if (unfinished > 0) {
      throw new ConflictException(
        `it is still used by ${unfinished} unfinished run${unfinished > 1 ? 's' : ''}; wait or cancel first`,
      );
    }
    const staged = 'cloudAccountId' in reference ? 0 : await this.staged.countUsing(organisationId, reference);
    if (staged > 0) {
      throw new ConflictException(
        `it is still used by ${staged} staged volume${staged > 1 ? 's' : ''}; cut over, or discard what is staged, first`,
      );
    }
    if (!('objectStoreId' in reference)) return;
    const kept = await this.archives.countKeptIn(organisationId, reference.objectStoreId);
    if (kept > 0) {
      throw new ConflictException(
        `it still holds the archive${kept > 1 ? 's' : ''} of ${kept} finished run${kept > 1 ? 's' : ''}; wait until ` +
          'their time has passed or delete them first (DELETE /api/runs/ID/archive)',
      );
    }
  }
}

function refuseToCreate({ type }: Destination, kind: RunKind, wrong: FieldError): void {
  if (type === 'Registered' || kind === 'Migration') return;
  throw new FieldProblem(422, 'only a migration creates its destination', [wrong]);
}

function refersTo(definition: MigrationDefinition, reference: Reference): boolean {
  if ('hookId' in reference)
    return HOOK_SLOTS.some((slot) => definition.hooks[slot].some(({ hookId }) => hookId === reference.hookId));
  if ('objectStoreId' in reference) return isStore(definition.copy.storage, reference.objectStoreId);
  const { sourceClusterId, destination } = definition;
  if ('cloudAccountId' in reference)
    return destination.type !== 'Registered' && destination.cloudAccountId === reference.cloudAccountId;
  return [sourceClusterId, registeredClusterId(destination)].includes(reference.clusterId);
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
