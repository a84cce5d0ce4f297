import { randomUUID } from 'node:crypto';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

/** An answer as it is given again: with the headers that belong to it. */
export interface KeptAnswer {
  headers: Record<string, string>;
  /** JSON; absent: the answer has no body. */
  body?: unknown;
}

/**
 * What became of the attempt to take a key. `held`: it is this caller's, who is to do the work and to say how it ended.
 * `answered`: the work was done before. `busy`: another does it now. `unknown`: another began and was never heard of again.
 * `other`: the key was used with another request.
 */
export type Taken =
  | { state: 'held'; holder: string }
  | { state: 'answered'; answer: KeptAnswer }
  | { state: 'busy' | 'unknown' | 'other' };

/** Whose key it is. */
export interface KeyOwner {
  organisationId: string;
  key: string;
}

/** How long a key is known. */
const KEPT_HOURS = 24;
/** Longer than any request that takes a key: the longest waits for another service. */
const BUSY_SECONDS = 60;

const purpose = (what: 'request' | 'answer', { organisationId, key }: KeyOwner) => `idempotency/${organisationId}/${key}/${what}`;

/** Keys under which a request may be sent again. All writes are fenced by the holder. */
@Injectable()
export class IdempotencyStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /** @param requestHash digest of the caller and all that the request says */
  async take(owner: KeyOwner, requestHash: Uint8Array): Promise<Taken> {
    const { organisationId, key } = owner;
    const holder = randomUUID();
    const sealedHash = new Uint8Array(this.sealer.seal(purpose('request', owner), requestHash));
    // One statement: of several requests at once, one inserts the row.
    const taken = await this.prisma.$executeRaw`
      INSERT INTO "IdempotencyKey" AS known ("organisationId", "key", "sealedRequestHash", "holder", "busyUntil")
      VALUES (${organisationId}::uuid, ${key}, ${sealedHash}, ${holder}::uuid, now() + make_interval(secs => ${BUSY_SECONDS}))
      ON CONFLICT ("organisationId", "key") DO UPDATE SET "sealedRequestHash" = EXCLUDED."sealedRequestHash",
        "holder" = EXCLUDED."holder", "busyUntil" = EXCLUDED."busyUntil", "sealedAnswer" = NULL, "createdAt" = now()
      WHERE known."createdAt" < now() - make_interval(hours => ${KEPT_HOURS})`;
    if (taken > 0) return { state: 'held', holder };
    const [row] = await this.prisma.$queryRaw<
      { sealedRequestHash: Uint8Array; sealedAnswer: Uint8Array | null; busy: boolean }[]
    >`
      SELECT "sealedRequestHash", "sealedAnswer", "busyUntil" > now() AS busy FROM "IdempotencyKey"
      WHERE "organisationId" = ${organisationId}::uuid AND "key" = ${key}`;
    // It failed and was given back between the two statements: whoever asks again gets it.
    if (!row) return { state: 'busy' };
    if (!this.sealer.open(purpose('request', owner), row.sealedRequestHash).equals(requestHash)) return { state: 'other' };
    if (row.sealedAnswer) {
      const answer = this.sealer.open(purpose('answer', owner), row.sealedAnswer).toString();
      return { state: 'answered', answer: JSON.parse(answer) as KeptAnswer };
    }
    return { state: row.busy ? 'busy' : 'unknown' };
  }

  /** The work is done: the same request gets this answer from now on. */
  async keep(owner: KeyOwner, holder: string, answer: KeptAnswer): Promise<void> {
    const sealedAnswer = new Uint8Array(this.sealer.seal(purpose('answer', owner), JSON.stringify(answer)));
    await this.prisma.idempotencyKey.updateMany({ where: { ...owner, holder }, data: { sealedAnswer } });
  }

  /** Nothing was done: the key may be used again. */
  async giveBack(owner: KeyOwner, holder: string): Promise<void> {
    await this.prisma.idempotencyKey.deleteMany({ where: { ...owner, holder } });
  }

  /** Nobody knows what was done: the key stays taken. */
  async leave(owner: KeyOwner, holder: string): Promise<void> {
    await this.prisma.idempotencyKey.updateMany({ where: { ...owner, holder }, data: { busyUntil: new Date(0) } });
  }

  /** Deletes the keys that are not to be known any more. @returns how many */
  deleteExpired(): Promise<number> {
    return this.prisma.$executeRaw`
      DELETE FROM "IdempotencyKey" WHERE "createdAt" < now() - make_interval(hours => ${KEPT_HOURS})`;
  }
}
