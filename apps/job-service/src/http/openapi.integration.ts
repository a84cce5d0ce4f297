import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const PROBLEM = 'application/problem+json';

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(8);
  api = new Api(service.url);
});
afterAll(() => service.stop());

test('the API describes itself: every route, what it takes and what it answers, and no secret in an answer', async () => {
  const { body: document } = await api.get('/openapi.json').expect(200);
  const routes = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  );
  expect(routes.map(({ route }) => route).sort()).toEqual([
    'DELETE /api/api-keys/{id}',
    'DELETE /api/app-hooks/{id}',
    'DELETE /api/cloud-accounts/{id}',
    'DELETE /api/clusters/{id}',
    'DELETE /api/migrations/{id}',
    'DELETE /api/migrations/{id}/staging',
    'DELETE /api/object-stores/{id}',
    'DELETE /api/runs/{id}/archive',
    'DELETE /api/schedules/{id}',
    'DELETE /api/webhooks/{id}',
    'GET /api/api-keys',
    'GET /api/api-keys/caller',
    'GET /api/app-hooks',
    'GET /api/app-hooks/templates',
    'GET /api/app-hooks/{id}',
    'GET /api/cloud-accounts',
    'GET /api/cloud-accounts/{id}',
    'GET /api/cloud-accounts/{id}/options',
    'GET /api/cloud-accounts/{id}/status',
    'GET /api/cloud-accounts/{id}/suggestion',
    'GET /api/clusters',
    'GET /api/clusters/{id}',
    'GET /api/clusters/{id}/labels',
    'GET /api/clusters/{id}/namespaces',
    'GET /api/clusters/{id}/resource-types',
    'GET /api/clusters/{id}/status',
    'GET /api/managed-storage',
    'GET /api/migrations',
    'GET /api/migrations/{id}',
    'GET /api/migrations/{id}/staging',
    'GET /api/object-stores',
    'GET /api/object-stores/{id}',
    'GET /api/object-stores/{id}/status',
    'GET /api/runs',
    'GET /api/runs/{id}',
    'GET /api/runs/{id}/events',
    'GET /api/runs/{id}/findings',
    'GET /api/runs/{id}/log',
    'GET /api/runs/{id}/objects',
    'GET /api/runs/{id}/report',
    'GET /api/runs/{id}/report.html',
    'GET /api/runs/{id}/stream',
    'GET /api/runs/{id}/throughput',
    'GET /api/schedules',
    'GET /api/schedules/{id}',
    'GET /api/settings',
    'GET /api/sign-in',
    'GET /api/webhooks',
    'GET /api/webhooks/{id}',
    'GET /api/webhooks/{id}/deliveries',
    'PATCH /api/clusters/{id}',
    'PATCH /api/settings',
    'POST /api/api-keys',
    'POST /api/app-hooks',
    'POST /api/app-hooks/{id}/matches',
    'POST /api/cloud-accounts',
    'POST /api/clusters',
    'POST /api/migrations',
    'POST /api/migrations/{id}/clone',
    'POST /api/migrations/{id}/previews',
    'POST /api/migrations/{id}/runs',
    'POST /api/object-stores',
    'POST /api/object-stores/{id}/test',
    'POST /api/previews',
    'POST /api/runs/{id}/cancel',
    'POST /api/runs/{id}/pause',
    'POST /api/runs/{id}/resume',
    'POST /api/runs/{id}/retry',
    'POST /api/runs/{id}/rollback',
    'POST /api/schedules',
    'POST /api/webhooks',
    'PUT /api/app-hooks/{id}',
    'PUT /api/cloud-accounts/{id}',
    'PUT /api/migrations/{id}',
    'PUT /api/object-stores/{id}',
    'PUT /api/schedules/{id}',
    'PUT /api/webhooks/{id}',
  ]);
  for (const { route, operation } of routes) {
    const { default: problem, ...answers } = operation.responses;
    expect([route, problem?.content?.[PROBLEM]?.schema]).toMatchObject([route, { properties: { title: {} } }]);
    const [[status, answer]] = Object.entries(answers) as [[string, Answer]];
    const schema = JSON.stringify(Object.values(answer.content ?? {})[0]?.schema);
    expect([route, status, schema]).toEqual([route, status, status === '204' ? undefined : expect.stringContaining('"type"')]);
    expect([route, operation.summary]).toEqual([route, expect.any(String)]);
    const takesBody = /^(PATCH|PUT|POST \/api\/[^/]+$|POST .*\/(matches|runs|rollback|clone)$)/.test(route);
    expect([route, operation.requestBody?.content['application/json'] !== undefined]).toEqual([route, takesBody]);
    expect([
      route,
      /kubeconfig|secretAccessKey|accessKeyId|sessionToken|clientSecret|privateKey|sealed/i.test(schema ?? ''),
    ]).toEqual([route, false]);
  }
  // Schemas that several answers share would be looked at one by one.
  expect(Object.keys(document.components?.schemas ?? {})).toEqual(['JsonValue']);
});

interface Answer {
  content?: Record<string, { schema?: object }>;
}

interface Operation {
  summary?: string;
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, Answer>;
}
