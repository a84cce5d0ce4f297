import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

/** The tenant of an installation that has only one. */
export const DEFAULT_ORGANISATION = 'default';

@Injectable()
export class OrganisationStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns the id of the one organisation of a single-tenant installation, made where there is none */
  ensureDefault(): Promise<string> {
    return this.ensure(DEFAULT_ORGANISATION);
  }

  /** @returns the id of the organisation of that name, made where there is none */
  async ensure(name: string): Promise<string> {
    const known = await this.prisma.organisation.findUnique({ where: { name }, select: { id: true } });
    if (known) return known.id;
    // Not an upsert: two first requests at once would both insert.
    await this.prisma.organisation.createMany({ data: [{ name }], skipDuplicates: true });
    const { id } = await this.prisma.organisation.findUniqueOrThrow({ where: { name }, select: { id: true } });
    return id;
  }
}
