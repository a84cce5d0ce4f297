import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

/** The tenant of an installation that has only one. */
export const DEFAULT_ORGANISATION = 'default';

@Injectable()
export class OrganisationStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns the id of the one organisation of a single-tenant installation, made where there is none */
  async ensureDefault(): Promise<string> {
    // Not an upsert: two first requests at once would both insert.
    await this.prisma.organisation.createMany({ data: [{ name: DEFAULT_ORGANISATION }], skipDuplicates: true });
    const { id } = await this.prisma.organisation.findUniqueOrThrow({
      where: { name: DEFAULT_ORGANISATION },
      select: { id: true },
    });
    return id;
  }
}
