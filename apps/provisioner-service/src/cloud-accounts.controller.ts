import { suggestDestination } from '@godwit/cloud/suggest-destination';
import {
  CALL_TIMEOUT_MS,
  CALLS,
  type CloudAccountCall,
  type CloudAccountStatus,
  type CloudOptions,
  type CloudOptionsCall,
  type DestinationProblems,
  type SuggestDestinationCall,
  type ValidateDestinationCall,
} from '@godwit/contracts/calls';
import type { DestinationSuggestion } from '@godwit/contracts/destination-suggestion';
import { reportError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CloudAccess } from './cloud-access.ts';

/** Leaves time for the way back. */
const ASK_TIMEOUT_MS = CALL_TIMEOUT_MS - 3_000;

/** What is asked of cloud accounts and answered at once. */
@Controller()
export class CloudAccountsController {
  constructor(private readonly access: CloudAccess) {}

  @MessagePattern(CALLS.testCloudAccount)
  async test(@Payload() { cloudAccountId }: CloudAccountCall): Promise<CloudAccountStatus> {
    try {
      return await (await this.access.open(cloudAccountId)).checkAccount(AbortSignal.timeout(ASK_TIMEOUT_MS));
    } catch (error) {
      return { state: 'Failed', problem: problemOf(error) };
    }
  }

  @MessagePattern(CALLS.listCloudOptions)
  async options(@Payload() { cloudAccountId, region }: CloudOptionsCall): Promise<CloudOptions> {
    try {
      return await (await this.access.open(cloudAccountId)).listOptions(region, AbortSignal.timeout(ASK_TIMEOUT_MS));
    } catch (error) {
      return { problems: [problemOf(error)] };
    }
  }

  @MessagePattern(CALLS.suggestDestination)
  async suggest(@Payload() { cloudAccountId, region, source }: SuggestDestinationCall): Promise<DestinationSuggestion> {
    try {
      const provider = await this.access.open(cloudAccountId);
      return suggestDestination(
        provider.type,
        region,
        source,
        await provider.listOptions(region, AbortSignal.timeout(ASK_TIMEOUT_MS)),
      );
    } catch (error) {
      return { because: [], problems: [problemOf(error)] };
    }
  }

  @MessagePattern(CALLS.validateDestination)
  async validate(@Payload() { destination }: ValidateDestinationCall): Promise<DestinationProblems> {
    try {
      const provider = await this.access.open(destination.cloudAccountId);
      return { errors: await provider.validate(destination, AbortSignal.timeout(ASK_TIMEOUT_MS)) };
    } catch (error) {
      return { errors: [], problem: problemOf(error) };
    }
  }
}

function problemOf(error: unknown): Finding {
  const { reason, message, cure } = reportError(error);
  return { severity: 'error', reason, message, ...(cure ? { cure } : {}) };
}
