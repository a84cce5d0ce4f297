import type { AppHookType } from '@godwit/contracts/app-hooks';

const TEXT: Record<AppHookType, string> = {
  Pre: 'Before the copy, on the source',
  Post: 'After the copy, on the source',
  PostRestore: 'After the restore, on the destination',
  Common: 'Any of these',
};

export const HOOK_TYPES = Object.entries(TEXT).map(([value, label]) => ({ value, label }));

export function hookTypeText(type: AppHookType): string {
  return TEXT[type];
}
