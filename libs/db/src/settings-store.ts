import { Settings, type UpdateSettings } from '@godwit/contracts/settings';
import { Injectable } from '@nestjs/common';
import { toJson } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** What holds for all of an organisation. */
@Injectable()
export class SettingsStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns with the defaults of what was never set */
  async get(organisationId: string): Promise<Settings> {
    const { settings } = await this.prisma.organisation.findUniqueOrThrow({
      where: { id: organisationId },
      select: { settings: true },
    });
    return Settings.parse(settings);
  }

  /** Two changes at once both hold, as far as they are of different settings. */
  update(organisationId: string, { retention }: UpdateSettings): Promise<Settings> {
    return this.prisma.$transaction(async (transaction) => {
      const [row] = await transaction.$queryRaw<{ settings: unknown }[]>`
        SELECT settings FROM "Organisation" WHERE id = ${organisationId}::uuid FOR UPDATE`;
      const present = Settings.parse(row?.settings);
      const settings = { ...present, retention: { archive: { ...present.retention.archive, ...retention?.archive } } };
      await transaction.organisation.update({ where: { id: organisationId }, data: { settings: toJson(settings) } });
      return settings;
    });
  }
}
