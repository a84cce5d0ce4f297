import { randomBytes, randomUUID } from 'node:crypto';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import type { NotifiedPhase, SaveWebhook } from '@godwit/contracts/webhooks';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface SavedWebhook {
  id: string;
  name: string;
  url: string;
  phases: NotifiedPhase[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const VISIBLE = { id: true, name: true, url: true, phases: true, version: true, createdAt: true, updatedAt: true } as const;
const SIGNING_KEY_BYTES = 32;

const purpose = (id: string) => `webhook/${id}/signing-key`;

/** Where organisations are told of their runs. Signing keys are made here, told once, and kept sealed. */
@Injectable()
export class WebhookStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /** @returns with the signing key, `whsec_` and base64 */
  async create(organisationId: string, webhook: SaveWebhook): Promise<SavedWebhook & { signingKey: string }> {
    const id = randomUUID();
    const key = randomBytes(SIGNING_KEY_BYTES);
    const sealedSigningKey = new Uint8Array(this.sealer.seal(purpose(id), key));
    const row = await this.prisma.webhook.create({
      data: { id, organisationId, ...webhook, sealedSigningKey },
      select: VISIBLE,
    });
    return { ...saved(row), signingKey: `whsec_${key.toString('base64')}` };
  }

  /** @returns undefined if the organisation has no such webhook of one of these versions */
  async update(organisationId: string, id: string, webhook: SaveWebhook, versions?: MeantFor): Promise<SavedWebhook | undefined> {
    const [row] = await this.prisma.webhook.updateManyAndReturn({
      where: { id, organisationId, ...ofVersion(versions) },
      data: { ...webhook, ...NEXT_VERSION },
      select: VISIBLE,
    });
    return row && saved(row);
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<SavedWebhook>> {
    return pageByName(query, saved, ({ where, ...page }) =>
      this.prisma.webhook.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<SavedWebhook | undefined> {
    const row = await this.prisma.webhook.findFirst({ where: { id, organisationId }, select: VISIBLE });
    return row ? saved(row) : undefined;
  }

  /** @returns false if the organisation has no such webhook of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.webhook.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }

  /** For what delivers: the id comes from a row. @returns the raw key */
  openSigningKey({ id, sealedSigningKey }: { id: string; sealedSigningKey: Uint8Array }): Buffer {
    return this.sealer.open(purpose(id), sealedSigningKey);
  }
}

function saved(row: Omit<SavedWebhook, 'phases'> & { phases: string[] }): SavedWebhook {
  return { ...row, phases: row.phases as NotifiedPhase[] };
}
