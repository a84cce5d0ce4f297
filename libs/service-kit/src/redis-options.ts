/** Connection options of a Redis URL, in the form that ioredis, BullMQ and Nest's Redis transport share. */
export interface RedisOptions {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
}

export function redisOptions(url: string): RedisOptions {
  const parsed = new URL(url);
  const db = parsed.pathname.slice(1);
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 6379),
    ...(parsed.username ? { username: decodeURIComponent(parsed.username) } : {}),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
    ...(db ? { db: Number(db) } : {}),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

const TRANSPORT_RETRY_MS = 1_000;

/** Options of Nest's Redis transport, which by itself never comes back after its connection was lost once. */
export function redisTransportOptions(url: string) {
  return { ...redisOptions(url), retryAttempts: Number.MAX_SAFE_INTEGER, retryDelay: TRANSPORT_RETRY_MS };
}
