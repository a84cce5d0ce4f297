import type { AppHookView } from '@godwit/contracts/api';
import type { SavedAppHook } from '@godwit/db/app-hook-store';

export function toAppHookView({ createdAt, updatedAt, ...hook }: SavedAppHook): AppHookView {
  return { ...hook, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
