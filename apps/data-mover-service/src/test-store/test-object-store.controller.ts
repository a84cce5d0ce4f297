import { CALL_TIMEOUT_MS, CALLS, type ObjectStoreStatus, type TestObjectStoreCall } from '@godwit/contracts/calls';
import { reportError } from '@godwit/contracts/errors';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** Leaves time for the way back. */
const TEST_TIMEOUT_MS = CALL_TIMEOUT_MS - 3_000;

@Controller()
export class TestObjectStoreController {
  constructor(private readonly archives: ArchiveAccess) {}

  /** Writes, reads, lists and deletes a small object. */
  @MessagePattern(CALLS.testObjectStore)
  async test(@Payload() call: TestObjectStoreCall): Promise<ObjectStoreStatus> {
    try {
      await this.archives.use(call, (store) => store.check({ signal: AbortSignal.timeout(TEST_TIMEOUT_MS) }));
      return { state: 'Ready' };
    } catch (error) {
      const { reason, message, cure } = reportError(error);
      return { state: 'Failed', problem: { severity: 'error', reason, message, cure } };
    }
  }
}
