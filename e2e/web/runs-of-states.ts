import type { RunView } from '@godwit/contracts/api';
import type { APIRequestContext } from '@playwright/test';
import { KEYS } from './support.ts';

const headers = { authorization: `Bearer ${KEYS.states}` };

/** @returns what the API tells of a run of the organisation with all states, by the name of its migration: the latest of this kind */
export async function runOf(request: APIRequestContext, name: string, kind = 'Migration'): Promise<RunView> {
  const list = await (await request.get('/api/runs', { headers, params: { name, kind, limit: '1' } })).json();
  return (await request.get(`/api/runs/${list.items[0].id}`, { headers })).json();
}
