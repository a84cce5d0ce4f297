import type { EmulatorAnswer } from './aws-emulator.ts';

const HEADERS = { 'content-type': 'application/json; charset=UTF-8' };

export const answer = (body: object, status = 200): EmulatorAnswer => ({ status, headers: HEADERS, body: JSON.stringify(body) });

/** As the services of Google refuse. */
export const refusal = (code: number, status: string, message: string): EmulatorAnswer =>
  answer({ error: { code, status, message } }, code);

export const notFound = (what: string): EmulatorAnswer => refusal(404, 'NOT_FOUND', `Not found: ${what}.`);
