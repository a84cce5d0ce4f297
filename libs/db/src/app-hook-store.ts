import { type AppHook, AppHookSpec } from '@godwit/contracts/app-hooks';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Injectable } from '@nestjs/common';
import type { AppHook as Row } from './generated/client.ts';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface SavedAppHook extends AppHook {
  id: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Saved hooks. A run keeps its own copy of those that it uses. */
@Injectable()
export class AppHookStore {
  constructor(private readonly prisma: PrismaService) {}

  async create(organisationId: string, { name, ...spec }: AppHook): Promise<SavedAppHook> {
    return saved(await this.prisma.appHook.create({ data: { organisationId, name, spec } }));
  }

  /** @returns undefined if the organisation has no such hook of one of these versions */
  async update(
    organisationId: string,
    id: string,
    { name, ...spec }: AppHook,
    versions?: MeantFor,
  ): Promise<SavedAppHook | undefined> {
    const [updated] = await this.prisma.appHook.updateManyAndReturn({
      where: { id, organisationId, ...ofVersion(versions) },
      data: { name, spec, ...NEXT_VERSION },
    });
    return updated && saved(updated);
  }

  async list(organisationId: string): Promise<SavedAppHook[]> {
    return (await this.prisma.appHook.findMany({ where: { organisationId }, orderBy: { name: 'asc' } })).map(saved);
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<SavedAppHook>> {
    return pageByName(query, saved, ({ where, ...page }) =>
      this.prisma.appHook.findMany({ where: { organisationId, ...where }, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<SavedAppHook | undefined> {
    const row = await this.prisma.appHook.findFirst({ where: { id, organisationId } });
    return row ? saved(row) : undefined;
  }

  /** @returns false if the organisation has no such hook of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.appHook.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }
}

function saved({ id, name, spec, version, createdAt, updatedAt }: Row): SavedAppHook {
  return { id, name, ...AppHookSpec.parse(spec), version, createdAt, updatedAt };
}
