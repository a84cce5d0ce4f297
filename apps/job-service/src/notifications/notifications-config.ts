import { networkList } from '@godwit/service-kit/address-guard';

export interface NotificationsConfig {
  /** Networks that webhooks may reach though they are not public, as `10.1.0.0/16`. */
  allowedNetworks: readonly string[];
}

export const NOTIFICATIONS_CONFIG = Symbol('NotificationsConfig');

export function loadNotificationsConfig(env: NodeJS.ProcessEnv = process.env): NotificationsConfig {
  return { allowedNetworks: networkList(env.GODWIT_WEBHOOK_NETWORKS ?? '') };
}
