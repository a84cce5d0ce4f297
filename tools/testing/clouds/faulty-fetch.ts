import { KillSwitch } from './kill-switch.ts';

/** Stands between an adapter that asks by `fetch` and its real cloud: sees what is asked, lets the asker die, and refuses. */
export class FaultyFetch {
  /** `POST https://…`, in their order. */
  readonly seen: string[] = [];
  private readonly killSwitch = new KillSwitch();
  private readonly real = globalThis.fetch;
  private refusal: { pattern: RegExp; status: number; body: object } | undefined;

  constructor() {
    globalThis.fetch = async (input, init) => {
      const answer = await this.killSwitch.pass(() => this.answer(input, init));
      if (answer) return answer;
      throw new TypeError('fetch failed');
    };
  }

  killAfter(requests: number, onKill: () => void): void {
    this.killSwitch.killAfter(requests, onKill);
  }

  revive(): void {
    this.killSwitch.revive();
  }

  /** What matches the pattern is not sent on; to be forgotten with `forget`. */
  refuse(pattern: RegExp, status: number, body: object): void {
    this.refusal = { pattern, status, body };
  }

  forget(): void {
    this.seen.length = 0;
    this.refusal = undefined;
    this.revive();
  }

  stop(): void {
    globalThis.fetch = this.real;
  }

  private async answer(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input);
    const request = `${init?.method ?? 'GET'} ${url}`;
    this.seen.push(request);
    if (this.refusal?.pattern.test(request)) return Response.json(this.refusal.body, { status: this.refusal.status });
    return this.real(input, init);
  }
}
