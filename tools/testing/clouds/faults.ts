import { KillSwitch } from './kill-switch.ts';

/** Stands between an adapter and its real cloud: sees what is asked, lets the asker die, and refuses. */
export class Faults {
  /** `POST https://…`, in their order. */
  readonly seen: string[] = [];
  private readonly killSwitch = new KillSwitch();
  private refusal: { pattern: RegExp; status: number; body: object } | undefined;

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

  /**
   * @param request `METHOD URL`
   * @param send does what is asked for
   * @param refuse answers in the cloud's place
   * @returns undefined if nobody is to hear of it
   */
  pass<T extends object>(
    request: string,
    send: () => Promise<T>,
    refuse: (status: number, body: string) => T,
  ): Promise<T | undefined> {
    return this.killSwitch.pass(async () => {
      this.seen.push(request);
      const { pattern, status, body } = this.refusal ?? {};
      return pattern?.test(request) ? refuse(status!, JSON.stringify(body)) : await send();
    });
  }
}
