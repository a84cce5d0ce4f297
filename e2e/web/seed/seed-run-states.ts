import type { Client } from 'pg';
import type { Caller } from './caller.ts';
import { kubeconfigOf } from './seed-web.ts';

/** A run as the tests find it, by the name of its migration. */
interface RunState {
  name: string;
  /** Columns that differ from those of a run that has just begun. */
  columns: Record<string, unknown>;
  /** Steps that are done, and those in another state. */
  done?: readonly string[];
  steps?: Record<string, 'Running' | 'Failed'>;
}

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

const CAPTURED = ['preflight', 'capture-resources', 'snapshot-volume'];
const ALL = [...CAPTURED, 'copy-volume', 'restore-volume', 'apply-resources', 'verify', 'cleanup'];
/** All that may go on does, so that nothing else begins. */
const MOVING = { 'copy-volume': 'Running', 'restore-volume': 'Running' } as const;
const running = { phase: 'Running', startedAt: inHours(-0.1) };
const succeeded = { phase: 'Succeeded', outcome: 'Succeeded', startedAt: inHours(-0.2), finishedAt: inHours(-0.1) };
const kept = { ...succeeded, archiveKeptUntil: inHours(48), archiveSweepAt: inHours(48) };

/** Of a mover that ran out of memory. */
export const MOVER_ERROR = {
  kind: 'retryable',
  reason: 'Killed',
  message: 'cluster "east": the mover pod godwit-system/copy-orders ended with 137: it ran out of memory (OOMKilled)',
  cure: 'See whether nodes are short of memory.',
  subject: { cluster: 'east', object: 'Pod godwit-system/copy-orders' },
  evidence: {
    exit: { code: 137, meaning: 'the mover was killed (out of memory, eviction or node loss)' },
    events: ['Scheduled: Successfully assigned godwit-system/copy-orders to node-1', 'OOMKilling: Memory cgroup out of memory'],
  },
};
const held = { ...running, phase: 'Held', error: MOVER_ERROR, heldUntil: inHours(47.5) };

const STATES: readonly RunState[] = [
  { name: 'to pause', columns: running, done: CAPTURED, steps: MOVING },
  { name: 'to cancel', columns: running, done: CAPTURED, steps: MOVING },
  { name: 'to follow', columns: running, done: CAPTURED, steps: MOVING },
  { name: 'to retry', columns: held, done: CAPTURED, steps: { 'copy-volume': 'Failed' } },
  { name: 'to give up', columns: held, done: CAPTURED, steps: { 'copy-volume': 'Failed' } },
  { name: 'to cut over', columns: kept, done: ALL },
  { name: 'to discard', columns: { ...kept, kind: 'Stage' }, done: ALL },
  { name: 'to roll back', columns: kept, done: ALL },
  { name: 'to delete', columns: kept, done: ALL },
  { name: 'created', columns: kept, done: ALL },
  { name: 'creating', columns: { ...running, destClusterId: null }, done: CAPTURED, steps: { 'provision-cluster': 'Running' } },
  { name: 'not applied', columns: { ...succeeded, phase: 'Failed', outcome: 'Failed', error: MOVER_ERROR }, done: CAPTURED },
];

/** Makes a run in each state in which something else can be done with it, as nothing but clusters that answer could bring them about. */
export async function seedRunStates(client: Client, caller: Caller, objectStoreId: string): Promise<void> {
  const [source, destination] = await Promise.all(
    // As many runs as there are states go on at once.
    ['east', 'west', 'created'].map((name) =>
      caller.post('/clusters', { name, kubeconfig: kubeconfigOf(name), maxConcurrentRuns: 100 }),
    ),
  );
  const definition = {
    sourceClusterId: source!.id,
    destination: { type: 'Registered', clusterId: destination!.id },
    selection: { scope: 'Namespaces', namespaces: ['shop'] },
    copy: { storage: { type: 'ObjectStore', objectStoreId } },
  };
  const template = await caller.post('/migrations', { ...definition, name: 'template' });
  const { id: templateRun } = await caller.post(`/migrations/${template.id}/runs`, {});
  for (const state of STATES) {
    const migration = await caller.post('/migrations', { ...definition, name: state.name });
    await seedRun(client, templateRun, migration.id, state);
  }
  await client.query('DELETE FROM "Run" WHERE id = $1::uuid', [templateRun]);
  await seedStaging(client);
  await seedCreatedCluster(client);
}

async function seedRun(client: Client, templateRun: string, migrationId: string, { name, columns, done, steps }: RunState) {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO "Run" SELECT (jsonb_populate_record(NULL::"Run", to_jsonb(r) || jsonb_build_object(
       'id', gen_random_uuid(), 'migrationId', $2::uuid, 'advanceRequestedAt', NULL, 'error', NULL,
       'definition', r.definition || jsonb_build_object('name', $3::text)) || $4::jsonb)).*
     FROM "Run" r WHERE r.id = $1::uuid RETURNING id`,
    [templateRun, migrationId, name, JSON.stringify(columns)],
  );
  const runId = rows[0]!.id;
  await client.query(
    `INSERT INTO "Volume" (id, "runId", namespace, name, "targetNamespace", "capacityBytes", source)
     VALUES (gen_random_uuid(), $1::uuid, 'shop', 'orders', 'shop', 1073741824, '{}')`,
    [runId],
  );
  const states = [...(done ?? []).map((step) => [step, 'Succeeded']), ...Object.entries(steps ?? {})];
  // Whoever holds those that run is never heard of, and not missed.
  await client.query(
    `INSERT INTO "Step" (id, "runId", name, item, state, "startedAt", "leaseUntil", error)
     SELECT gen_random_uuid(), $1::uuid, s->>0, CASE WHEN s->>0 LIKE '%-volume' THEN v.id::text ELSE '' END,
       (s->>1)::"StepState", now(), now() + interval '1 day', CASE s->>1 WHEN 'Failed' THEN $3::jsonb END
     FROM jsonb_array_elements($2::jsonb) s, "Volume" v WHERE v."runId" = $1::uuid`,
    [runId, JSON.stringify(states), JSON.stringify(MOVER_ERROR)],
  );
}

/** What the run that is to be discarded has staged. */
async function seedStaging(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO "StagedVolume" (id, "organisationId", "migrationId", namespace, name, "sourceClusterId", "sourceClaimUid",
       "destClusterId", "storageClassName", "volumeMode", "accessModes", "requestedStorage", "claimName", storage, stages)
     SELECT gen_random_uuid(), "organisationId", "migrationId", 'shop', 'orders', "sourceClusterId", 'uid', "destClusterId", 'fast',
       'Filesystem', '{ReadWriteOnce}', '1Gi', 'staged-orders', storage, 1
     FROM "Run" WHERE definition->>'name' = 'to discard'`,
  );
}

/** The cluster that one of the runs created, and the one that another is creating. */
async function seedCreatedCluster(client: Client): Promise<void> {
  const destination = {
    type: 'EKS',
    cloudAccountId: '00000000-0000-4000-8000-000000000000',
    name: 'created',
    region: 'eu-central-1',
    version: '1.34',
    subnetIds: ['subnet-00000001', 'subnet-00000002'],
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/node',
    nodePools: [{ name: 'workers', instanceTypes: ['m6i.large'], diskGiB: 100 }],
  };
  await client.query(
    `WITH run AS (
       UPDATE "Run" r SET "migrationId" = NULL, "destClusterId" = c.id,
         definition = r.definition || jsonb_build_object('destination', $1::jsonb)
       FROM "Cluster" c WHERE r.definition->>'name' = 'created' AND c.name = 'created' AND c."organisationId" = r."organisationId"
       RETURNING r.id, c.id AS "clusterId")
     UPDATE "Cluster" c SET provider = 'EKS', "createdByRunId" = run.id, parameters = $1::jsonb FROM run WHERE c.id = run."clusterId"`,
    [JSON.stringify(destination)],
  );
  await client.query(
    `WITH run AS (
       UPDATE "Run" SET definition = definition || jsonb_build_object('destination', $1::jsonb)
       WHERE definition->>'name' = 'creating' RETURNING id)
     UPDATE "Step" s SET waiting = jsonb_build_object('what', 'node group workers of EKS cluster created', 'state', 'CREATING',
       'since', to_char(now() AT TIME ZONE 'UTC' - interval '6 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM run WHERE s."runId" = run.id AND s.name = 'provision-cluster'`,
    [JSON.stringify(destination)],
  );
}
