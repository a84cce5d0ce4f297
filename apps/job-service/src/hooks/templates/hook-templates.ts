import type { AppHookTemplate } from '@godwit/contracts/api';
import { MARIADB } from './mariadb.ts';
import { MONGODB } from './mongodb.ts';
import { MYSQL } from './mysql.ts';
import { POSTGRESQL } from './postgresql.ts';
import { REDIS } from './redis.ts';

/** Hooks that come with the product, to be cloned and edited. */
export const HOOK_TEMPLATES: readonly AppHookTemplate[] = [...MARIADB, ...MONGODB, ...MYSQL, ...POSTGRESQL, ...REDIS];
