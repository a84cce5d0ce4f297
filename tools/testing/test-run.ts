import { randomUUID } from 'node:crypto';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { TransferProgress } from '@godwit/contracts/run';
import type { Prisma, Run } from '@godwit/db/generated/client';
import type { PrismaService } from '@godwit/db/prisma.service';

/** @returns the id of a new organisation */
export async function createTestOrganisation(prisma: PrismaService): Promise<string> {
  return (await prisma.organisation.create({ data: { name: `organisation-${randomUUID()}` } })).id;
}

/** A run that has no steps yet, of an organisation of its own. */
export async function createTestRun(prisma: PrismaService, values: Partial<Prisma.RunUncheckedCreateInput> = {}): Promise<Run> {
  const [sourceClusterId, destClusterId] = [randomUUID(), randomUUID()];
  const storage = { type: 'ObjectStore', objectStoreId: randomUUID() };
  const definition = MigrationDefinition.parse({
    name: 'a migration',
    sourceClusterId,
    destination: { type: 'Registered', clusterId: destClusterId },
    copy: { storage },
  });
  return prisma.run.create({
    data: {
      organisationId: await createTestOrganisation(prisma),
      definition: definition as unknown as Prisma.InputJsonObject,
      sourceClusterId,
      destClusterId,
      storage,
      sealedArchiveKey: new Uint8Array(1),
      phase: 'Running',
      ...values,
    },
  });
}

/** How far a volume is, without a step that a worker would hold for it. */
export async function saveTestProgress(
  prisma: PrismaService,
  volumeId: string,
  side: 'copy' | 'restore',
  progress: TransferProgress,
): Promise<void> {
  await prisma.volume.update({ where: { id: volumeId }, data: { [side]: progress as unknown as Prisma.InputJsonObject } });
}
