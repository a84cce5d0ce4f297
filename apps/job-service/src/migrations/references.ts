import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { FieldError } from '@godwit/contracts/problem-details';
import { ClusterStore } from '@godwit/db/cluster-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { RunStore } from '@godwit/db/run-store';
import { checkSelectors } from '@godwit/selection/check-selectors';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { ConflictException, Injectable } from '@nestjs/common';

/** What a definition refers to. */
type Reference = { clusterId: string } | { objectStoreId: string };

/** Keeps definitions and what they refer to together. */
@Injectable()
export class References {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly stores: ObjectStoreStore,
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
    const { sourceClusterId, destination, copy } = definition;
    const [source, target, store] = await Promise.all([
      this.clusters.find(organisationId, sourceClusterId),
      this.clusters.find(organisationId, destination.clusterId),
      this.stores.find(organisationId, copy.objectStoreId),
    ]);
    const wrong: FieldError[] = [];
    if (!source) wrong.push({ path: ['sourceClusterId'], message: 'is not the id of a registered cluster' });
    if (!target) wrong.push({ path: ['destination', 'clusterId'], message: 'is not the id of a registered cluster' });
    if (!store) wrong.push({ path: ['copy', 'objectStoreId'], message: 'is not the id of a registered object store' });
    if (wrong.length > 0) throw new FieldProblem(422, 'the migration refers to what is not registered', wrong);
  }

  /** @throws ConflictException 409 that names the migrations and counts the unfinished runs that need it */
  async refuseWhileUsed(organisationId: string, reference: Reference): Promise<void> {
    const migrations = await this.migrations.list(organisationId);
    const names = migrations.filter(({ definition }) => refersTo(definition, reference)).map(({ name }) => `"${name}"`);
    if (names.length > 0) {
      throw new ConflictException(
        `it is still used by the migration${names.length > 1 ? 's' : ''} ${names.join(', ')}; change or delete what uses it first`,
      );
    }
    await this.refuseWhileRunning(organisationId, reference);
  }

  /** @throws ConflictException 409 that counts the unfinished runs that need it */
  async refuseWhileRunning(organisationId: string, reference: Reference): Promise<void> {
    const unfinished = await this.runs.countUnfinished(organisationId, reference);
    if (unfinished > 0) {
      throw new ConflictException(
        `it is still used by ${unfinished} unfinished run${unfinished > 1 ? 's' : ''}; wait or cancel first`,
      );
    }
  }
}

function refersTo(definition: MigrationDefinition, reference: Reference): boolean {
  if ('objectStoreId' in reference) return definition.copy.objectStoreId === reference.objectStoreId;
  return [definition.sourceClusterId, definition.destination.clusterId].includes(reference.clusterId);
}
