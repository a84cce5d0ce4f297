import type { Client } from 'pg';

/** How many of each the last run has. */
export const FEW = { volumes: 30, objects: 40 };
export const MANY = { volumes: 200, objects: 2_000 };

/**
 * Makes of a run that has begun many that are over, every third of which failed, as nothing but clusters that answer could bring them
 * about. The last one has steps, volumes, objects and a log.
 */
export async function seedRuns(client: Client, runId: string, count: number, details: typeof FEW): Promise<void> {
  await client.query(
    `INSERT INTO "Run" SELECT (jsonb_populate_record(NULL::"Run", to_jsonb(r) || jsonb_build_object(
       'id', gen_random_uuid(), 'phase', p.phase, 'outcome', p.phase, 'advanceRequestedAt', NULL,
       'createdAt', now() - make_interval(mins => n * 7), 'finishedAt', now() - make_interval(mins => n * 7 - 4),
       'error', CASE p.phase WHEN 'Failed' THEN '{"kind":"fatal","reason":"SnapshotFailed","message":"the snapshot of shop/orders did not become ready: the driver says that its pool is full","cure":"Make room in the pool, then run the migration again.","subject":{"cluster":"east","object":"VolumeSnapshot shop/orders"}}'::jsonb END
     ))).*
     FROM "Run" r, generate_series(1, $2::int) n,
       LATERAL (SELECT CASE WHEN n % 3 = 0 THEN 'Failed' ELSE 'Succeeded' END AS phase) p
     WHERE r.id = $1::uuid`,
    [runId, count],
  );
  const { rows } = await client.query<{ id: string }>(
    `WITH gone AS (DELETE FROM "Run" WHERE id = $1::uuid RETURNING id, "migrationId")
     SELECT r.id FROM "Run" r, gone WHERE r."migrationId" = gone."migrationId" AND r.id <> gone.id
     ORDER BY r."createdAt" DESC LIMIT 1`,
    [runId],
  );
  await seedDetails(client, rows[0]!.id, details);
}

const STEPS = ['preflight', 'capture-resources', 'apply-resources', 'verify', 'cleanup'];
const STEPS_OF_VOLUMES = ['snapshot-volume', 'copy-volume', 'restore-volume'];

async function seedDetails(client: Client, runId: string, { volumes, objects }: typeof FEW): Promise<void> {
  await client.query(
    `INSERT INTO "Volume" (id, "runId", namespace, name, "targetNamespace", "capacityBytes", source, copy, restore)
     SELECT gen_random_uuid(), $1::uuid, 'shop', 'data-' || n, 'shop', 10737418240, '{}', progress, progress
     FROM generate_series(1, $2::int) n, LATERAL (SELECT jsonb_build_object('bytesDone', 1073741824, 'bytesTotal', 1073741824,
       'filesDone', 1000, 'filesTotal', 1000, 'storedBytes', 536870912, 'startedAt', '2026-01-01T10:00:00.000Z',
       'finishedAt', '2026-01-01T10:01:00.000Z') AS progress) p`,
    [runId, volumes],
  );
  await client.query(
    `INSERT INTO "Step" (id, "runId", name, item, state, "startedAt", "finishedAt")
     SELECT gen_random_uuid(), $1::uuid, s, '', 'Succeeded'::"StepState", now(), now() FROM unnest($2::text[]) s
     UNION ALL
     SELECT gen_random_uuid(), $1::uuid, s, v.id::text, 'Succeeded', now(), now()
     FROM unnest($3::text[]) s, "Volume" v WHERE v."runId" = $1::uuid`,
    [runId, STEPS, STEPS_OF_VOLUMES],
  );
  await client.query(
    `INSERT INTO "RunObject" ("runId", "apiVersion", kind, namespace, name, outcome, reason)
     SELECT $1::uuid, 'v1', 'ConfigMap', 'shop', 'settings-' || n, CASE WHEN n = 1 THEN 'Warned' ELSE 'Created' END,
       CASE WHEN n = 1 THEN 'its field data.mode is immutable' END
     FROM generate_series(1, $2::int) n`,
    [runId, objects],
  );
  await client.query(
    `INSERT INTO "RunEvent" ("runId", level, step, message, data)
     SELECT $1::uuid, 'info', 'apply-resources', 'applied ConfigMap shop/settings-' || n, NULL::jsonb FROM generate_series(1, $2::int) n
     UNION ALL
     SELECT $1::uuid, 'warning', 'apply-resources', 'ConfigMap shop/settings-1 could not be changed',
       '{"severity":"warning","reason":"Immutable","message":"could not be changed: its field data.mode is immutable","object":"ConfigMap shop/settings-1","cluster":"west","cure":"Delete it on the destination and run again."}'::jsonb`,
    [runId, objects],
  );
  await client.query(
    `INSERT INTO "RunSample" ("runId", at, "copyBytes", "restoreBytes")
     SELECT $1::uuid, now() - make_interval(secs => 300 - n * 10), n * n * 4000000::bigint, n * (n - 1) * 4000000::bigint
     FROM generate_series(1, 25) n`,
    [runId],
  );
}
