import type { StepWaiting } from '@godwit/contracts/run';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** What the holders of steps wait for. The step's end clears it. */
@Injectable()
export class StepWaitingStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns what is waited for, or was when its last holder was lost */
  async read({ id }: ClaimedStep): Promise<StepWaiting | undefined> {
    const row = await this.prisma.step.findUnique({ where: { id }, select: { waiting: true } });
    return (row?.waiting ?? undefined) as StepWaiting | undefined;
  }

  /**
   * @param waiting undefined: for nothing any more
   * @returns false if another holds the step meanwhile: nothing is written then
   */
  async write({ id, attempt }: ClaimedStep, waiting: StepWaiting | undefined): Promise<boolean> {
    const where = { id, attempt, state: 'Running' } as const;
    const { count } = await this.prisma.step.updateMany({ where, data: { waiting: toJsonOrNull(waiting) } });
    return count > 0;
  }
}
