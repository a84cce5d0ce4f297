import { ManagedStorageView } from '@godwit/contracts/api';
import { listOf } from '@godwit/contracts/api-lists';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';

const ManagedStorageList = listOf(ManagedStorageView);

/** Object storage that the operator offers to all organisations. */
@ApiController('managed-storage')
export class ManagedStorageController {
  constructor(@Inject(SERVICE_CONFIG) private readonly config: ServiceConfig) {}

  @Get()
  @ApiOperation({ summary: 'List the providers and regions of managed storage' })
  @ApiOkResponse({ standardSchema: ManagedStorageList })
  list() {
    return { items: this.config.managedStorage.map(({ provider, region }): ManagedStorageView => ({ provider, region })) };
  }
}
