import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { AdvanceStore } from './advance-store.ts';
import type { Prisma } from './generated/client.ts';
import { PostgresStepLedger } from './postgres-step-ledger.ts';
import { PrismaService } from './prisma.service.ts';
import { VolumeStore } from './volume-store.ts';

jest.setTimeout(300_000);

const MIB = 2 ** 20;
const BUSY = { kind: 'retryable', reason: 'Busy', message: 'the API server is busy' } as const;

let database: TestDatabase;
let prisma: PrismaService;
let store: AdvanceStore;
let ledger: PostgresStepLedger;
let volumes: VolumeStore;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  [store, ledger, volumes] = [new AdvanceStore(prisma), new PostgresStepLedger(prisma), new VolumeStore(prisma)];
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

/** A mover as its pod is: it lives on when its worker dies, and uses at once whatever more it reads that it may. */
interface Mover {
  name: string;
  order: number;
  target: number;
  using: number;
}

/** One run with its workers and movers; time passes only by what is done here. */
class Simulation {
  readonly movers = new Map<string, Mover>();
  private readonly held = new Map<string, ClaimedStep>();
  /** Orders in the archive, by step. */
  private readonly orders = new Map<string, { order: number; streams: number }>();
  private readonly ended = new Set<string>();
  most = 0;

  private constructor(
    private readonly runId: string,
    private readonly budget: number,
  ) {}

  static async start(budget: number, sizes: readonly number[]): Promise<Simulation> {
    const { id, definition } = await createTestRun(prisma);
    const parsed = MigrationDefinition.parse(definition);
    parsed.copy.concurrentStreams = budget;
    await prisma.run.update({ where: { id }, data: { definition: parsed as unknown as Prisma.InputJsonObject } });
    await prisma.volume.createMany({
      data: sizes.map((size, index) => ({
        runId: id,
        namespace: 'shop',
        targetNamespace: 'shop',
        name: `volume-${index}`,
        capacityBytes: BigInt(size),
        source: {},
      })),
    });
    await prisma.step.create({ data: { runId: id, name: 'preflight', state: 'Succeeded' } });
    return new Simulation(id, budget);
  }

  async advance(): Promise<void> {
    const { commands } = (await store.advance(this.runId))!;
    // It came to rest: no step was told one thing and then another.
    const told = commands.flatMap((command) => (command.type === 'set-streams' ? [command.stepId] : []));
    expect(told).toEqual([...new Set(told)]);
    this.check();
  }

  async claim(pick: number): Promise<void> {
    const where = {
      runId: this.runId,
      state: 'Ready' as const,
      name: { in: ['snapshot-volume', 'copy-volume', 'restore-volume'] },
    };
    const ready = await prisma.step.findMany({ where, orderBy: { id: 'asc' } });
    const row = ready[pick % ready.length];
    if (!row) return;
    await prisma.step.update({ where: { id: row.id }, data: { notBefore: new Date(0) } });
    const step = (await ledger.claim(row.id, row.attempt, 'worker'))!;
    this.held.set(step.id, step);
    const { streams } = step;
    if (!streams || this.movers.has(step.id)) return;
    this.movers.set(step.id, { name: step.name, order: streams.order, target: streams.told, using: streams.told });
    this.check();
  }

  /** The worker learns of its streams and writes the order. */
  async order(pick: number): Promise<void> {
    const step = this.pickHeld(pick);
    if (!step) return;
    const { streams } = await ledger.renew(step);
    if (streams) this.orders.set(step.id, { order: streams.order, streams: streams.told });
  }

  follow(pick: number): void {
    const [id, mover] = this.pickMover(pick);
    const order = this.orders.get(id);
    if (!mover || !order || order.order <= mover.order) return;
    [mover.order, mover.target] = [order.order, order.streams];
    mover.using = Math.max(mover.using, order.streams);
    this.check();
  }

  endSurplus(pick: number): void {
    const [, mover] = this.pickMover(pick);
    if (mover && mover.using > mover.target) mover.using--;
  }

  async say(pick: number): Promise<void> {
    const step = this.pickHeld(pick);
    const mover = step && this.movers.get(step.id);
    if (mover) await ledger.confirmStreams(step, mover.order, Math.max(mover.target, mover.using));
  }

  async progress(pick: number, mib: number): Promise<void> {
    const step = this.pickHeld(pick);
    if (!step?.streams) return;
    const side = step.name === 'copy-volume' ? 'copy' : 'restore';
    await volumes.saveProgress(step, side, { bytesDone: mib * MIB, bytesTotal: 600 * MIB, filesDone: 0, storedBytes: 0 });
  }

  async succeed(pick: number): Promise<void> {
    const step = this.pickHeld(pick);
    if (!step) return;
    this.movers.delete(step.id);
    this.held.delete(step.id);
    if (step.name === 'restore-volume') this.ended.add(step.item);
    expect(await ledger.finish(step, { state: 'Succeeded' })).toBe(true);
  }

  /** Its cluster did not answer: the mover may have ended, or go on. */
  async fail(pick: number, moverEnds: boolean): Promise<void> {
    const step = this.pickHeld(pick);
    if (!step || (await prisma.step.findUniqueOrThrow({ where: { id: step.id } })).failures > 1) return;
    if (moverEnds) this.movers.delete(step.id);
    this.held.delete(step.id);
    await ledger.finish(step, { state: 'Failed', error: BUSY });
  }

  /** The service stops, or dies. */
  async lose(pick: number, dies: boolean): Promise<void> {
    const step = this.pickHeld(pick);
    if (!step) return;
    this.held.delete(step.id);
    if (!dies) return ledger.release(step);
    await prisma.step.update({ where: { id: step.id }, data: { leaseUntil: new Date(0) } });
  }

  async finishAll(volumeCount: number): Promise<void> {
    for (let round = 0; this.ended.size < volumeCount; round++) {
      if (round > 50 * volumeCount) throw new Error('volumes wait for streams that never come');
      await this.advance();
      for (let pick = 0; pick < volumeCount; pick++) await this.claim(0);
      for (let pick = 0; pick < this.held.size; pick++) {
        await this.order(pick);
        this.follow(pick);
        for (let surplus = 0; surplus < 16; surplus++) this.endSurplus(pick);
        await this.say(pick);
      }
      await this.succeed(round);
    }
  }

  /** The law: on neither side may the movers use more than the budget. */
  private check(): void {
    for (const side of ['copy-volume', 'restore-volume']) {
      const using = [...this.movers.values()].filter(({ name }) => name === side).reduce((sum, mover) => sum + mover.using, 0);
      expect(using).toBeLessThanOrEqual(this.budget);
      this.most = Math.max(this.most, using);
    }
  }

  private pickHeld(pick: number): ClaimedStep | undefined {
    return [...this.held.values()][pick % this.held.size];
  }

  private pickMover(pick: number): [string, Mover | undefined] {
    return [...this.movers.entries()][pick % this.movers.size] ?? ['', undefined];
  }
}

const KINDS = ['claim', 'order', 'follow', 'endSurplus', 'say', 'progress', 'succeed', 'fail', 'lose'] as const;
const anyEvent = fc.record({
  kind: fc.oneof({ weight: 3, arbitrary: fc.constant('advance' as const) }, { weight: 9, arbitrary: fc.constantFrom(...KINDS) }),
  pick: fc.nat({ max: 1000 }),
  isSo: fc.boolean(),
});

test('whatever happens in whatever order, the movers of a side never use more than the budget, and all volumes come through', async () => {
  let full = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 16 }),
      fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 8 }),
      fc.array(anyEvent, { minLength: 80, maxLength: 160 }),
      async (budget, sizes, events) => {
        const run = await Simulation.start(
          budget,
          sizes.map((mib) => mib * MIB),
        );
        for (const { kind, pick, isSo } of events) {
          if (kind === 'advance') await run.advance();
          else if (kind === 'fail' || kind === 'lose') await run[kind](pick, isSo);
          else if (kind === 'progress') await run.progress(pick, pick % 600);
          else await run[kind](pick);
        }
        await run.finishAll(sizes.length);
        if (run.most === budget) full++;
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
  expect(full).toBeGreaterThan(5);
});
