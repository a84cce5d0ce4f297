import type { Screen } from './screen.ts';

/** What has to be undone at the end, the last first. */
export class Cleanups {
  private readonly screen: Screen;
  private readonly pending: { what: string; undo: () => Promise<unknown> }[] = [];

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** @param what for people, as in "stopping Postgres" */
  add(what: string, undo: () => Promise<unknown>): void {
    this.pending.push({ what, undo });
  }

  /** Undoes all that is pending. One that fails is told and does not keep the others from being undone. */
  async run(): Promise<void> {
    if (this.pending.length > 0) this.screen.heading('Cleaning up');
    for (let next = this.pending.pop(); next; next = this.pending.pop()) {
      this.screen.detail(next.what);
      try {
        await next.undo();
      } catch (error) {
        this.screen.bad(`${next.what} failed: ${(error as Error).message}`);
      }
    }
  }
}
