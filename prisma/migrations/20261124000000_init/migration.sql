-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "RunPhase" AS ENUM ('Queued', 'Running', 'Held', 'Finishing', 'Succeeded', 'Failed', 'Cancelled');

-- CreateEnum
CREATE TYPE "RunKind" AS ENUM ('Migration', 'Preview', 'Rollback', 'Stage', 'CutOver', 'DiscardStaging');

-- CreateEnum
CREATE TYPE "StepState" AS ENUM ('Ready', 'Running', 'Succeeded', 'Failed', 'Skipped', 'Cancelled');

-- CreateTable
CREATE TABLE "Organisation" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "server" TEXT NOT NULL,
    "sealedKubeconfig" BYTEA NOT NULL,
    "maxConcurrentRuns" INTEGER NOT NULL DEFAULT 4,
    "preferredStorage" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "provider" TEXT,
    "cloudAccountId" UUID,
    "createdByRunId" UUID,
    "parameters" JSONB,
    "credentialsExpireAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CloudAccount" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "sealedCredentials" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CloudAccount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ObjectStore" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "sealedConfig" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ObjectStore_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Migration" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Migration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StagedVolume" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "migrationId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sourceClusterId" UUID NOT NULL,
    "sourceClaimUid" TEXT NOT NULL,
    "destClusterId" UUID NOT NULL,
    "storageClassName" TEXT NOT NULL,
    "volumeMode" TEXT NOT NULL,
    "accessModes" TEXT[],
    "requestedStorage" TEXT NOT NULL,
    "claimName" TEXT NOT NULL,
    "claimUid" TEXT,
    "digest" TEXT,
    "storage" JSONB NOT NULL,
    "archiveRunId" UUID,
    "archiveVolumeId" UUID,
    "stagedAt" TIMESTAMPTZ(3),
    "stages" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "storedBytes" BIGINT NOT NULL DEFAULT 0,
    "isDelta" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "StagedVolume_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AppHook" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AppHook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IdempotencyKey" (
    "organisationId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "sealedRequestHash" BYTEA NOT NULL,
    "holder" UUID NOT NULL,
    "busyUntil" TIMESTAMPTZ(3) NOT NULL,
    "sealedAnswer" BYTEA,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("organisationId","key")
);

-- CreateTable
CREATE TABLE "Webhook" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "phases" TEXT[],
    "sealedSigningKey" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" UUID NOT NULL,
    "webhookId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "phase" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "deliveredAt" TIMESTAMPTZ(3),
    "problem" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Schedule" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "migrationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "schedule" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "suspend" BOOLEAN NOT NULL,
    "concurrencyPolicy" TEXT NOT NULL,
    "startingDeadlineSeconds" INTEGER,
    "kind" "RunKind" NOT NULL,
    "nextRunAt" TIMESTAMPTZ(3) NOT NULL,
    "lastScheduleTime" TIMESTAMPTZ(3),
    "lastOutcome" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Run" (
    "id" UUID NOT NULL,
    "kind" "RunKind" NOT NULL DEFAULT 'Migration',
    "rollbackOfId" UUID,
    "organisationId" UUID NOT NULL,
    "migrationId" UUID,
    "scheduleId" UUID,
    "definition" JSONB NOT NULL,
    "hooks" JSONB NOT NULL DEFAULT '{}',
    "sourceClusterId" UUID NOT NULL,
    "destClusterId" UUID,
    "deletesCluster" BOOLEAN NOT NULL DEFAULT false,
    "storage" JSONB NOT NULL,
    "archiveKeptUntil" TIMESTAMPTZ(3),
    "archiveDeletedAt" TIMESTAMPTZ(3),
    "archiveSweepAt" TIMESTAMPTZ(3),
    "archiveSweepFailures" INTEGER NOT NULL DEFAULT 0,
    "sealedArchiveKey" BYTEA NOT NULL,
    "phase" "RunPhase" NOT NULL DEFAULT 'Queued',
    "outcome" "RunPhase",
    "advanceRequestedAt" TIMESTAMPTZ(3),
    "error" JSONB,
    "cancelRequestedAt" TIMESTAMPTZ(3),
    "heldUntil" TIMESTAMPTZ(3),
    "retryRequestedAt" TIMESTAMPTZ(3),
    "pausedAt" TIMESTAMPTZ(3),
    "leftClusterIds" UUID[] DEFAULT ARRAY[]::UUID[],
    "quiescedAt" TIMESTAMPTZ(3),
    "readyAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Step" (
    "id" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "item" TEXT NOT NULL DEFAULT '',
    "state" "StepState" NOT NULL DEFAULT 'Ready',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "losses" INTEGER NOT NULL DEFAULT 0,
    "notBefore" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leaseUntil" TIMESTAMPTZ(3),
    "worker" TEXT,
    "streams" INTEGER,
    "streamOrder" INTEGER NOT NULL DEFAULT 0,
    "streamsHeld" INTEGER,
    "output" JSONB,
    "error" JSONB,
    "waiting" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "stepId" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "worker" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "error" JSONB,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("stepId","attempt")
);

-- CreateTable
CREATE TABLE "Volume" (
    "id" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "targetNamespace" TEXT NOT NULL,
    "capacityBytes" BIGINT NOT NULL,
    "source" JSONB NOT NULL,
    "copy" JSONB,
    "restore" JSONB,
    "skipReason" TEXT,
    "staging" JSONB,

    CONSTRAINT "Volume_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RunEvent" (
    "id" BIGSERIAL NOT NULL,
    "runId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "level" TEXT NOT NULL,
    "step" TEXT,
    "item" TEXT,
    "message" TEXT NOT NULL,
    "data" JSONB,

    CONSTRAINT "RunEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RunSample" (
    "runId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "copyBytes" BIGINT NOT NULL,
    "restoreBytes" BIGINT NOT NULL,

    CONSTRAINT "RunSample_pkey" PRIMARY KEY ("runId","at")
);

-- CreateTable
CREATE TABLE "RunObject" (
    "runId" UUID NOT NULL,
    "apiVersion" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "uid" TEXT,
    "includedBecause" TEXT,
    "sealedChanges" BYTEA,
    "sealedPrevious" BYTEA,

    CONSTRAINT "RunObject_pkey" PRIMARY KEY ("runId","kind","namespace","name","apiVersion")
);

-- CreateIndex
CREATE UNIQUE INDEX "Organisation_name_key" ON "Organisation"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_organisationId_name_key" ON "Cluster"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_createdByRunId_key" ON "Cluster"("createdByRunId");

-- CreateIndex
CREATE INDEX "Cluster_credentialsExpireAt_idx" ON "Cluster"("credentialsExpireAt");

-- CreateIndex
CREATE UNIQUE INDEX "CloudAccount_organisationId_name_key" ON "CloudAccount"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "ObjectStore_organisationId_name_key" ON "ObjectStore"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Migration_organisationId_name_key" ON "Migration"("organisationId", "name");

-- CreateIndex
CREATE INDEX "StagedVolume_destClusterId_idx" ON "StagedVolume"("destClusterId");

-- CreateIndex
CREATE UNIQUE INDEX "StagedVolume_migrationId_namespace_name_key" ON "StagedVolume"("migrationId", "namespace", "name");

-- CreateIndex
CREATE UNIQUE INDEX "AppHook_organisationId_name_key" ON "AppHook"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_organisationId_name_key" ON "ApiKey"("organisationId", "name");

-- CreateIndex
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Webhook_organisationId_name_key" ON "Webhook"("organisationId", "name");

-- CreateIndex
CREATE INDEX "WebhookDelivery_nextAt_idx" ON "WebhookDelivery"("nextAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_webhookId_createdAt_idx" ON "WebhookDelivery"("webhookId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Schedule_organisationId_name_key" ON "Schedule"("organisationId", "name");

-- CreateIndex
CREATE INDEX "Schedule_nextRunAt_idx" ON "Schedule"("nextRunAt");

-- CreateIndex
CREATE INDEX "Run_organisationId_createdAt_idx" ON "Run"("organisationId", "createdAt");

-- CreateIndex
CREATE INDEX "Run_phase_advanceRequestedAt_idx" ON "Run"("phase", "advanceRequestedAt");
-- CreateIndex
CREATE INDEX "Run_archiveSweepAt_idx" ON "Run"("archiveSweepAt");


-- CreateIndex
CREATE INDEX "Step_state_notBefore_idx" ON "Step"("state", "notBefore");

-- CreateIndex
CREATE UNIQUE INDEX "Step_runId_name_item_key" ON "Step"("runId", "name", "item");

-- CreateIndex
CREATE UNIQUE INDEX "Volume_runId_namespace_name_key" ON "Volume"("runId", "namespace", "name");

-- CreateIndex
CREATE INDEX "RunEvent_runId_id_idx" ON "RunEvent"("runId", "id");

-- AddForeignKey
ALTER TABLE "Cluster" ADD CONSTRAINT "Cluster_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cluster" ADD CONSTRAINT "Cluster_cloudAccountId_fkey" FOREIGN KEY ("cloudAccountId") REFERENCES "CloudAccount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CloudAccount" ADD CONSTRAINT "CloudAccount_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ObjectStore" ADD CONSTRAINT "ObjectStore_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Migration" ADD CONSTRAINT "Migration_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StagedVolume" ADD CONSTRAINT "StagedVolume_migrationId_fkey" FOREIGN KEY ("migrationId") REFERENCES "Migration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AppHook" ADD CONSTRAINT "AppHook_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "IdempotencyKey" ADD CONSTRAINT "IdempotencyKey_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Webhook" ADD CONSTRAINT "Webhook_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "Webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Schedule" ADD CONSTRAINT "Schedule_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Schedule" ADD CONSTRAINT "Schedule_migrationId_fkey" FOREIGN KEY ("migrationId") REFERENCES "Migration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_rollbackOfId_fkey" FOREIGN KEY ("rollbackOfId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_migrationId_fkey" FOREIGN KEY ("migrationId") REFERENCES "Migration"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Step" ADD CONSTRAINT "Step_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_stepId_fkey" FOREIGN KEY ("stepId") REFERENCES "Step"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Volume" ADD CONSTRAINT "Volume_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunEvent" ADD CONSTRAINT "RunEvent_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunSample" ADD CONSTRAINT "RunSample_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunObject" ADD CONSTRAINT "RunObject_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;


