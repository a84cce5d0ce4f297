import type { Role } from '@godwit/contracts/access';
import type { WebhookDeliveryView, WebhookView } from '@godwit/contracts/webhooks';
import type { WebhookDelivery } from '@godwit/db/webhook-delivery-store';
import type { SavedWebhook } from '@godwit/db/webhook-store';

/** @param role of whom it is shown to: the path of a URL may be all that a receiver asks for, and so a secret */
export function toWebhookView({ id, name, url, phases, version, createdAt, updatedAt }: SavedWebhook, role: Role): WebhookView {
  const shown = role === 'admin' ? url : `${new URL(url).origin}/…`;
  return { id, name, url: shown, phases, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function toDeliveryView({ createdAt, deliveredAt, nextAt, ...delivery }: WebhookDelivery): WebhookDeliveryView {
  return {
    ...delivery,
    createdAt: createdAt.toISOString(),
    ...(deliveredAt ? { deliveredAt: deliveredAt.toISOString() } : {}),
    ...(nextAt ? { nextAt: nextAt.toISOString() } : {}),
  };
}
