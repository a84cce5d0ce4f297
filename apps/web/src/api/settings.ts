import type { ApiKeyView, CreateApiKey, CreatedApiKey } from '@godwit/contracts/access';
import type { Settings, UpdateSettings } from '@godwit/contracts/settings';
import type { CreatedWebhook, SaveWebhook, WebhookDeliveryView, WebhookView } from '@godwit/contracts/webhooks';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }): Promise<ApiKeyView[]> =>
    allPages((query) => answerOf(api.GET('/api/api-keys', { params: { query }, signal }))),
});

export function createApiKey(body: CreateApiKey): Promise<CreatedApiKey> {
  return answerOf(api.POST('/api/api-keys', { body }));
}

export function deleteApiKey(id: string): Promise<unknown> {
  return answerOf(api.DELETE('/api/api-keys/{id}', { params: { path: { id } } }));
}

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }): Promise<WebhookView[]> =>
    allPages((query) => answerOf(api.GET('/api/webhooks', { params: { query }, signal }))),
});

export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['deliveries', id],
    queryFn: async ({ signal }): Promise<WebhookDeliveryView[]> =>
      (await answerOf(api.GET('/api/webhooks/{id}/deliveries', { params: { path: { id } }, signal }))).items,
  });

export function createWebhook(body: SaveWebhook): Promise<CreatedWebhook> {
  return answerOf(api.POST('/api/webhooks', { body }));
}

export function updateWebhook(present: Present, body: SaveWebhook): Promise<WebhookView> {
  return answerOf(api.PUT('/api/webhooks/{id}', { params: changeOf(present), body }));
}

export function deleteWebhook(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/webhooks/{id}', { params: changeOf(present) }));
}

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }): Promise<Settings> => answerOf(api.GET('/api/settings', { signal })),
});

export function updateSettings(body: UpdateSettings): Promise<Settings> {
  return answerOf(api.PATCH('/api/settings', { body }));
}
