import type { WebhookDeliveryView, WebhookView } from '@godwit/contracts/webhooks';
import type { WebhookDelivery } from '@godwit/db/webhook-delivery-store';
import type { SavedWebhook } from '@godwit/db/webhook-store';

export function toWebhookView({ id, name, url, phases, version, createdAt, updatedAt }: SavedWebhook): WebhookView {
  return { id, name, url, phases, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function toDeliveryView({ createdAt, deliveredAt, nextAt, ...delivery }: WebhookDelivery): WebhookDeliveryView {
  return {
    ...delivery,
    createdAt: createdAt.toISOString(),
    ...(deliveredAt ? { deliveredAt: deliveredAt.toISOString() } : {}),
    ...(nextAt ? { nextAt: nextAt.toISOString() } : {}),
  };
}
