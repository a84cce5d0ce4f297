import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Injectable } from '@nestjs/common';
import type { Migration } from './generated/client.ts';
import { named, pageLatest } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { lockUnusedMigration } from './unfinished-run.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface SavedMigration {
  id: string;
  name: string;
  definition: MigrationDefinition;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Refuses to forget a migration of which volumes are staged: nobody would take them away. */
export class StagedVolumesError extends Error {
  constructor(readonly count: number) {
    super(`${count} volumes of the migration are staged`);
  }
}

/** Saved definitions. */
@Injectable()
export class MigrationStore {
  constructor(private readonly prisma: PrismaService) {}

  async create(organisationId: string, definition: MigrationDefinition): Promise<SavedMigration> {
    return toSavedMigration(await this.prisma.migration.create({ data: { organisationId, name: definition.name, definition } }));
  }

  /** @returns undefined if the organisation has no such migration of one of these versions */
  async update(
    organisationId: string,
    id: string,
    definition: MigrationDefinition,
    versions?: MeantFor,
  ): Promise<SavedMigration | undefined> {
    const [updated] = await this.prisma.migration.updateManyAndReturn({
      where: { id, organisationId, ...ofVersion(versions) },
      data: { name: definition.name, definition, ...NEXT_VERSION },
    });
    return updated && toSavedMigration(updated);
  }

  async list(organisationId: string): Promise<SavedMigration[]> {
    return (await this.prisma.migration.findMany({ where: { organisationId }, orderBy: { createdAt: 'desc' } })).map(
      toSavedMigration,
    );
  }

  /** @returns the latest first */
  page(organisationId: string, query: NamedQuery): Promise<Page<SavedMigration>> {
    return pageLatest(query, toSavedMigration, ({ where, ...page }) =>
      this.prisma.migration.findMany({ where: { organisationId, AND: named(query.name), ...where }, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<SavedMigration | undefined> {
    const row = await this.prisma.migration.findFirst({ where: { id, organisationId } });
    return row ? toSavedMigration(row) : undefined;
  }

  /**
   * Its finished runs stay.
   *
   * @returns false if the organisation has no such migration of one of these versions
   * @throws UnfinishedRunError, StagedVolumesError
   */
  delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return this.prisma.$transaction(async (transaction) => {
      if (!(await lockUnusedMigration(transaction, organisationId, id))) return false;
      const staged = await transaction.stagedVolume.count({ where: { migrationId: id, organisationId } });
      if (staged > 0) throw new StagedVolumesError(staged);
      return (await transaction.migration.deleteMany({ where: { id, ...ofVersion(versions) } })).count > 0;
    });
  }
}

export function toSavedMigration(row: Migration): SavedMigration {
  const { id, name, version, createdAt, updatedAt } = row;
  return { id, name, version, createdAt, updatedAt, definition: MigrationDefinition.parse(row.definition) };
}
