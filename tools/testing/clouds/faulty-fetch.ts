import { Faults } from './faults.ts';

/** Faults of an adapter that asks by `fetch`. */
export class FaultyFetch extends Faults {
  private readonly real = globalThis.fetch;

  constructor() {
    super();
    globalThis.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const answer = await this.pass(
        `${init?.method ?? 'GET'} ${url}`,
        () => this.real(input, init),
        (status, body) => new Response(body, { status, headers: { 'content-type': 'application/json' } }),
      );
      if (answer) return answer;
      throw new TypeError('fetch failed');
    };
  }

  stop(): void {
    globalThis.fetch = this.real;
  }
}
