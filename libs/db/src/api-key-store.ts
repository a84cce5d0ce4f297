import { createHash, randomBytes } from 'node:crypto';
import type { CreateApiKey, Role } from '@godwit/contracts/access';
import type { NamedQuery, Page } from '@godwit/contracts/pages';
import { Injectable } from '@nestjs/common';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';

export interface SavedApiKey {
  id: string;
  name: string;
  role: Role;
  prefix: string;
  createdAt: Date;
  expiresAt?: Date;
  lastUsedAt?: Date;
}

/** Who holds a key. */
export interface ApiKeyHolder {
  organisationId: string;
  organisation: string;
  name: string;
  role: Role;
}

/** Tells our keys from other bearer tokens, and lets scanners of leaked secrets know them. */
export const API_KEY_PREFIX = 'gdw_';
const KEY_BYTES = 32;
const SHOWN = API_KEY_PREFIX.length + 6;
const USE_NOTED_EVERY_MS = 60_000;

const VISIBLE = { id: true, name: true, role: true, prefix: true, createdAt: true, expiresAt: true, lastUsedAt: true } as const;

/** Keys of the API. A key is 256 random bits, so a plain hash of it is as good as a slow one. */
@Injectable()
export class ApiKeyStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns with the key, which cannot be told again */
  async create(organisationId: string, { name, role, expiresAt }: CreateApiKey): Promise<SavedApiKey & { key: string }> {
    const key = API_KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
    const row = await this.prisma.apiKey.create({
      data: { organisationId, name, role, expiresAt, prefix: key.slice(0, SHOWN), hash: hashOf(key) },
      select: VISIBLE,
    });
    return { ...saved(row), key };
  }

  page(organisationId: string, query: NamedQuery): Promise<Page<SavedApiKey>> {
    return pageByName(query, saved, ({ where, ...page }) =>
      this.prisma.apiKey.findMany({ where: { organisationId, ...where }, select: VISIBLE, ...page }),
    );
  }

  /** @returns false if the organisation has no such key */
  async delete(organisationId: string, id: string): Promise<boolean> {
    return (await this.prisma.apiKey.deleteMany({ where: { id, organisationId } })).count > 0;
  }

  /** @returns undefined if there is no such key, or it has ended */
  async holderOf(key: string): Promise<ApiKeyHolder | undefined> {
    const row = await this.prisma.apiKey.findUnique({ where: { hash: hashOf(key) }, include: { organisation: true } });
    if (!row || (row.expiresAt && row.expiresAt <= new Date())) return undefined;
    if (!row.lastUsedAt || Date.now() - row.lastUsedAt.getTime() > USE_NOTED_EVERY_MS) {
      await this.prisma.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
    }
    const { organisationId, organisation, name, role } = row;
    return { organisationId, organisation: organisation.name, name, role: role as Role };
  }
}

function hashOf(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}

interface VisibleRow extends Omit<SavedApiKey, 'role' | 'expiresAt' | 'lastUsedAt'> {
  role: string;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

function saved({ role, expiresAt, lastUsedAt, ...row }: VisibleRow): SavedApiKey {
  return { ...row, role: role as Role, ...(expiresAt ? { expiresAt } : {}), ...(lastUsedAt ? { lastUsedAt } : {}) };
}
